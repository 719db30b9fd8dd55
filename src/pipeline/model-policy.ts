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
  readonly labels: LabelPolicy | undefined;
  /** How changes in the stream of errors are detected. */
  readonly changeDetectors: ChangeDetectorPolicy;
  readonly kinds: DeclaredKinds;
  /** Whether baselines that are made from now on profile all numeric features together as well. */
  readonly multivariate: boolean;
  /** Features by whose values the model is looked at in slices. */
  readonly segments: readonly string[];
}

/** How late labels are, and what is enough of them. */
export interface LabelPolicy {
  /** A window is judged so long after its end. */
  readonly delay: Millis;
  /** Labels that come later than this after the end of a window change nothing that was said of it. */
  readonly horizon: Millis;
  /** A window with this share of its labels, or past the horizon, is mature; until then its alerts say that it is not. */
  readonly matureCoverage: number;
}

export const DEFAULT_LABELS: LabelPolicy = { delay: 0, horizon: 30 * 24 * 3_600_000, matureCoverage: 0.8 };

export type ModelPolicies = (model: string) => ModelPolicy;
