import type { Millis } from '../base/clock.ts';
import type { ChangeDetectorPolicy } from '../metrics/change-detector-options.ts';
import type { PerformancePolicy } from '../metrics/labelled-evidence.ts';
import type { DeclaredKinds } from '../profile/feature-survey.ts';

/** What the configuration says of one model, defaults filled in. */
export interface ModelPolicy extends PerformancePolicy {
  /** Length of the panes of baselines that are made from now on. */
  readonly pane: Millis;
  /** Events that a model without a baseline learns one from. */
  readonly learn: number;
  /** Undefined when no labels are expected; then predictions are not kept one by one. */
  readonly labels: { readonly delay: Millis } | undefined;
  /** How changes in the stream of errors are detected. */
  readonly changeDetectors: ChangeDetectorPolicy;
  readonly kinds: DeclaredKinds;
  /** Whether baselines that are made from now on profile all numeric features together as well. */
  readonly multivariate: boolean;
}

export type ModelPolicies = (model: string) => ModelPolicy;
