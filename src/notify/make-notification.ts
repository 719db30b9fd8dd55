import type { Millis } from '../base/clock.ts';
import type { Alert, Labels, Period } from '../rules/alert.ts';
import type { AlertNotification, SentReason } from './notification.ts';
import { notificationId } from './notification-id.ts';
import { worstFirst } from './worst-first.ts';

export interface NotificationParts {
  readonly groupKey: string;
  readonly groupLabels: Labels;
  /** The key of the integration. */
  readonly receiver: string;
  readonly reason: SentReason;
  readonly seq: number;
  /** What it lists, each with the instant at which it began to fire or resolved. At least one. */
  readonly events: ReadonlyArray<{ readonly alert: Alert; readonly at: Millis }>;
  readonly at: Millis;
  /** Where to look next. */
  readonly link: (groupLabels: Labels, window: Period) => string;
}

/** Puts a message together: all that it lists, worst first. */
export function alertNotification(parts: NotificationParts): AlertNotification {
  const { groupKey, groupLabels, receiver, seq, events, at } = parts;
  const alerts = worstFirst(events.map(({ alert }) => alert));
  const window = newestWindow(alerts);
  return {
    kind: 'alerts',
    id: notificationId(receiver, groupKey, seq, ...contentOf(events)),
    receiver,
    reason: parts.reason,
    status: alerts.some(({ status }) => status === 'firing') ? 'firing' : 'resolved',
    ruleGroup: [...new Set(alerts.map(({ ruleGroup }) => ruleGroup))].sort().join(', '),
    groupLabels,
    groupKey,
    alerts,
    window,
    at,
    link: parts.link(groupLabels, window),
  };
}

/**
 * What a message says, as far as it is the same however often it is decided. It is part of the id, so that two instances
 * which know different things, and decide the same step of a conversation, do not give one id to two messages.
 */
function contentOf(events: NotificationParts['events']): string[] {
  return events.map(({ alert, at }) => `${alert.fingerprint} ${alert.status} ${at}`).sort();
}

/** Rules about performance look at older windows than those about inputs; a message names the newest. */
function newestWindow(alerts: readonly Alert[]): Period {
  return alerts.reduce(
    (newest, { window }) => (window.to > newest.to ? window : newest),
    (alerts[0] as Alert).window,
  );
}
