import type { Millis } from '../base/clock.ts';
import type { Alert, Labels, Period } from '../rules/alert.ts';

/** The closed list of reasons for which a message is sent. */
export type SentReason =
  /** The first message of an incident: nothing of the group was firing, as far as the receiver knows. */
  | 'sent_first'
  /** An alert more fires, or one of several resolved. */
  | 'sent_changed'
  /** Nothing that the receiver may hear of fires any more. */
  | 'sent_resolved'
  /** Nothing changed for as long as the repeat interval. */
  | 'sent_repeat';

/** One message to one receiver about one group of alerts. Immutable once decided; retries send the same one. */
export interface AlertNotification {
  readonly kind: 'alerts';
  /** Deterministic: hash of integration, group, place in their conversation, and what is told. */
  readonly id: string;
  /** The key of the integration, such as `ml-team/slack/0`. */
  readonly receiver: string;
  /** Why it is sent now. Rows of older versions have none. */
  readonly reason?: SentReason;
  /** `firing` while at least one of its alerts fires. */
  readonly status: 'firing' | 'resolved';
  /** The rule groups of its alerts, separated by commas. */
  readonly ruleGroup: string;
  /** Route and group labels: the same over all messages about one group. Rows of older versions have none. */
  readonly groupKey?: string;
  /** The labels the alerts were grouped by, such as model and version. */
  readonly groupLabels: Labels;
  /** All alerts of the group that fire and are not suppressed, and those that resolved since the message before. */
  readonly alerts: readonly Alert[];
  /** The newest window of its alerts. */
  readonly window: Period;
  /** On the timeline of the evaluations, later than the message before. */
  readonly at: Millis;
  /** Where to look next. */
  readonly link: string;
  /** Present in a message that tells of a retraining and not of its alerts, which were told before. */
  readonly note?: RetrainingNote;
}

/** What people are told of a retraining, in plain text. */
export interface RetrainingNote {
  readonly about: 'suggested' | 'compared';
  /** The id of the request. */
  readonly request: string;
  /** `a new model is suggested`. */
  readonly title: string;
  readonly lines: readonly string[];
}

/** Asks a retraining target for a new model, and says why. */
export interface RetrainRequest {
  readonly kind: 'retrain';
  /** Deterministic: hash of target, model, version, evaluation instant and rule group. */
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
  /** True while somebody has to approve it. Not there in requests of older versions. */
  readonly suggested?: boolean;
  /** Where the target may report what becomes of it. */
  readonly callbackUrl?: string;
  /** True of what `driftd send-test` sends. */
  readonly test?: boolean;
}

export type Notification = AlertNotification | RetrainRequest;
