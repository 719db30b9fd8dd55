import type { Distributions } from '../metrics/distributions.ts';
import type { Alert, Labels } from '../rules/alert.ts';
import { type ExplanationBody, explanationBody } from './explanation-body.ts';
import { receiverName } from './integration-key.ts';
import type { AlertNotification } from './notification.ts';
import { isoTime, type PeriodBody, periodBody } from './period-body.ts';

/** Each list has one entry a cell. */
interface DistributionsBody {
  readonly kind: 'numeric' | 'categorical';
  readonly labels: readonly string[];
  readonly reference: readonly number[];
  readonly current: readonly number[];
}

/** One alert as receivers of webhooks see it. */
export interface AlertBody {
  /** The same for the same labels, for ever. */
  readonly fingerprint: string;
  readonly status: Alert['status'];
  readonly labels: Labels;
  /** Always has `summary`. */
  readonly annotations: Readonly<Record<string, string>>;
  /** The metrics that the condition names. */
  readonly values: Readonly<Record<string, number>>;
  readonly baseline_values: Readonly<Record<string, number>>;
  /** One line that says how the distribution changed, or null. */
  readonly change: string | null;
  /** What the window was compared with, or null. */
  readonly against: string | null;
  /** The shares of both samples in the same cells; null of what has no distribution, and behind the twenty worst alerts. */
  readonly distributions: DistributionsBody | null;
  /** Where it went wrong, of alerts about performance and about predictions; null of others, and behind the twenty worst. */
  readonly explanation: ExplanationBody | null;
  readonly window: PeriodBody;
  /** Start of the first window of the incident in which the condition held. */
  readonly since: string;
}

/**
 * The body that a `webhook_configs` receiver gets: an envelope of type, timestamp and data as Standard Webhooks
 * recommends. It is the same text on every retry. `version` grows when a field changes its meaning or goes away;
 * new fields may come at any time.
 */
export interface AlertsBody {
  readonly version: 1;
  readonly type: 'alerts.firing' | 'alerts.resolved' | 'retrain.suggested' | 'retrain.compared';
  /** The evaluation instant. */
  readonly timestamp: string;
  readonly data: {
    readonly id: string;
    readonly receiver: string;
    readonly status: AlertNotification['status'];
    readonly rule_group: string;
    readonly group_labels: Labels;
    /** All firing alerts of the group and those that resolved at this instant, worst first. */
    readonly alerts: readonly AlertBody[];
    readonly window: PeriodBody;
    readonly link: string;
    /** What is told of a retraining; not there in messages about alerts. */
    readonly retrain?: { readonly id: string; readonly title: string; readonly lines: readonly string[] };
  };
}

export function alertsBody(notification: AlertNotification): AlertsBody {
  const { note } = notification;
  return {
    version: 1,
    type: note === undefined ? `alerts.${notification.status}` : `retrain.${note.about}`,
    timestamp: isoTime(notification.at),
    data: {
      id: notification.id,
      receiver: receiverName(notification.receiver),
      status: notification.status,
      rule_group: notification.ruleGroup,
      group_labels: notification.groupLabels,
      alerts: notification.alerts.map(alertBody),
      window: periodBody(notification.window),
      link: notification.link,
      ...(note !== undefined && { retrain: { id: note.request, title: note.title, lines: note.lines } }),
    },
  };
}

export function alertBody(alert: Alert): AlertBody {
  return {
    fingerprint: alert.fingerprint,
    status: alert.status,
    labels: alert.labels,
    annotations: alert.annotations,
    values: alert.values,
    baseline_values: alert.baselineValues,
    change: alert.change ?? null,
    against: alert.against ?? null,
    distributions: distributionsBody(alert.distributions),
    explanation: explanationBody(alert.explanation),
    window: periodBody(alert.window),
    since: isoTime(alert.since),
  };
}

function distributionsBody(distributions: Distributions | undefined): DistributionsBody | null {
  if (distributions === undefined) return null;
  const { kind, labels, reference, current } = distributions;
  return { kind, labels, reference, current };
}
