import type { Millis } from '../base/clock.ts';
import type { Alert, Labels, Period } from '../rules/alert.ts';

/** One message to one receiver about one group of alerts. Immutable once decided; retries send the same one. */
export interface AlertNotification {
  readonly kind: 'alerts';
  /** Deterministic: hash of integration, group labels, rule group and evaluation instant. */
  readonly id: string;
  /** The key of the integration, such as `ml-team/slack/0`. */
  readonly receiver: string;
  /** `firing` while at least one alert of the group fires. */
  readonly status: 'firing' | 'resolved';
  readonly ruleGroup: string;
  /** The labels the alerts were grouped by, such as model and version. */
  readonly groupLabels: Labels;
  /** All alerts of the group that fire, and those that resolved at this instant. */
  readonly alerts: readonly Alert[];
  readonly window: Period;
  readonly at: Millis;
  /** Where to look next. */
  readonly link: string;
}

/** Asks a retraining target for a new model, and says why. */
export interface RetrainRequest {
  readonly kind: 'retrain';
  /** Deterministic: hash of target, model, version and evaluation instant. */
  readonly id: string;
  readonly target: string;
  readonly model: string;
  readonly version: string;
  readonly baselineId: string | undefined;
  readonly alerts: readonly Alert[];
  readonly window: Period;
  /** The period whose labelled data we suggest to train on. */
  readonly trainingPeriod: Period;
  readonly at: Millis;
  readonly link: string;
}

export type Notification = AlertNotification | RetrainRequest;
