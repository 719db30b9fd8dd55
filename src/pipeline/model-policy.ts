import type { Millis } from '../base/clock.ts';
import type { DeclaredKinds } from '../profile/feature-survey.ts';

/** What the configuration says of one model, defaults filled in. */
export interface ModelPolicy {
  /** Length of the panes of baselines that are made from now on. */
  readonly pane: Millis;
  /** Events that a model without a baseline learns one from. */
  readonly learn: number;
  /** Undefined when no labels are expected; then predictions are not kept one by one. */
  readonly labels: { readonly delay: Millis } | undefined;
  readonly task: 'classification' | 'regression';
  /** The class that precision, recall and f1 are about. */
  readonly positive: string | undefined;
  readonly kinds: DeclaredKinds;
}

export type ModelPolicies = (model: string) => ModelPolicy;
