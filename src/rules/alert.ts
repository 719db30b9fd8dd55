import type { Millis } from '../base/clock.ts';
import type { Distributions } from '../metrics/distributions.ts';
import type { Explanation } from '../metrics/explanation.ts';

/** Half-open interval of event time. */
export interface Period {
  readonly from: Millis;
  readonly to: Millis;
}

/** The labels that identify an alert: alertname, model, version, feature (where there is one), severity, and the rule's own. */
export type Labels = Readonly<Record<string, string>>;

/** A rule's state for one set of labels, with what a person needs to judge it. */
export interface Alert {
  /** Hash of the labels; the same alert has the same fingerprint for ever. */
  readonly fingerprint: string;
  readonly status: 'pending' | 'firing' | 'resolved';
  readonly ruleGroup: string;
  readonly labels: Labels;
  /** Rendered annotations; always has `summary`. */
  readonly annotations: Readonly<Record<string, string>>;
  /** The values of the metrics that the condition names, at the newest window that had them. */
  readonly values: Readonly<Record<string, number>>;
  /** The same for `baseline.*`. */
  readonly baselineValues: Readonly<Record<string, number>>;
  /** One line that says how the distribution changed, such as `median 41.2 -> 88.0`. */
  readonly change?: string;
  /** What the window was compared with, such as `baseline 3f0c9d2e` or `previous`. */
  readonly against?: string;
  /** How the values of the feature lie, in the reference and in that window. */
  readonly distributions?: Distributions;
  /** The window of the newest evaluation. */
  readonly window: Period;
  /** Start of the first window of this incident in which the condition held. */
  readonly since: Millis;
  /** The evaluation instant at which it began to fire; absent while it is pending. */
  readonly firedAt?: Millis;
  /** Where it went wrong, as it was found when it began to fire; of alerts about performance and about predictions. */
  readonly explanation?: Explanation;
  /** The name of the retraining target that the rule asks for. */
  readonly retrain?: string;
}

/** One step of one alert. */
export interface AlertTransition {
  /** Deterministic: hash of fingerprint, evaluation instant and the state gone to. */
  readonly id: string;
  readonly alert: Alert;
  readonly from: 'inactive' | 'pending' | 'firing';
  readonly to: 'inactive' | 'pending' | 'firing' | 'resolved';
  /** Why, from a closed list. */
  readonly reason: string;
  /** The evaluation instant: the end of the window plus the delay of its labels. */
  readonly at: Millis;
}
