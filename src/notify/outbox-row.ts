import type { Millis } from '../base/clock.ts';
import { type Backoff, backoffDelay } from '../base/retry.ts';
import { LONGEST_RETRY_AFTER } from './circuit-breaker.ts';
import { groupKeyOf } from './group-key.ts';
import type { Notification } from './notification.ts';
import type { SendOutcome } from './send-outcome.ts';

/** More than any message draws. */
const WITH_DETAILS = 20;

export const NOTIFICATION_STATUSES = ['pending', 'sent', 'dead', 'cancelled'] as const;

export type NotificationStatus = (typeof NOTIFICATION_STATUSES)[number];

/** A notification on its way, as the store keeps it. */
export interface OutboxRow {
  /** That of the notification. */
  readonly id: string;
  readonly kind: Notification['kind'];
  /** The key of the integration, or the name of the retraining target. */
  readonly receiver: string;
  /** The evaluation instant. */
  readonly at: Millis;
  /** When it came into the outbox, or was last asked to be tried again. */
  readonly queuedAt: Millis;
  readonly status: NotificationStatus;
  /** 0, and one more whenever somebody asks for another try of a dead one. */
  readonly round: number;
  /** In this round. */
  readonly attempts: number;
  readonly nextAttemptAt: Millis;
  /** Why the newest attempt failed; empty when it did not. Holds no address and no secret. */
  readonly lastError: string;
  readonly payload: Notification;
  readonly updatedAt: Millis;
}

export interface DeliveryPolicy {
  readonly backoff: Backoff;
  /** How long a notification may wait in the outbox before a failed attempt is the last one. */
  readonly giveUpAfter: Millis;
}

/** The row of a notification that was just decided: to be saved before anything is sent. */
export function pendingRow(notification: Notification, now: Millis): OutboxRow {
  return {
    id: notification.id,
    kind: notification.kind,
    receiver: notification.kind === 'alerts' ? notification.receiver : notification.target,
    at: notification.at,
    queuedAt: now,
    status: 'pending',
    round: 0,
    attempts: 0,
    nextAttemptAt: now,
    lastError: '',
    payload: withFewDetails(notification),
    updatedAt: now,
  };
}

/** Alerts come worst first, and a payload is written again with every attempt. */
function withFewDetails(notification: Notification): Notification {
  if (notification.alerts.length <= WITH_DETAILS) return notification;
  const alerts = notification.alerts.map((alert, i) => {
    if (i < WITH_DETAILS) return alert;
    const { distributions: _, explanation: __, ...rest } = alert;
    return rest;
  });
  return { ...notification, alerts };
}

/** The row after one more attempt. */
export function afterAttempt(
  row: OutboxRow,
  outcome: SendOutcome,
  now: Millis,
  policy: DeliveryPolicy,
): OutboxRow {
  const tried = { ...row, attempts: row.attempts + 1, nextAttemptAt: now, updatedAt: now };
  if (outcome.kind === 'sent') return { ...tried, status: 'sent', lastError: '' };
  const failed = { ...tried, lastError: outcome.reason };
  if (outcome.kind !== 'retry') return { ...failed, status: 'dead' };
  if (isOverdue(row, now, policy)) return { ...failed, status: 'dead' };
  return { ...failed, nextAttemptAt: now + retryDelay(row.attempts, outcome.after, policy.backoff) };
}

/** True when the row has had its time: its next failure is its last. */
export function isOverdue({ queuedAt }: OutboxRow, now: Millis, { giveUpAfter }: DeliveryPolicy): boolean {
  return now - queuedAt >= giveUpAfter;
}

/** The row when another one was tried in its place, without success, and it has had its time. */
export function overdueRow(row: OutboxRow, reason: string, now: Millis): OutboxRow {
  return { ...row, status: 'dead', lastError: reason, updatedAt: now };
}

/** The row when it was called off before an attempt. */
export function cancelledRow(row: OutboxRow, now: Millis): OutboxRow {
  return { ...row, status: 'cancelled', lastError: '', updatedAt: now };
}

/** A dead row that somebody wants to be tried again, as if it were new; with the same id, so that it is not taken for another. */
export function retriedRow(row: OutboxRow, now: Millis): OutboxRow {
  const fresh = { status: 'pending', attempts: 0, lastError: '' } as const;
  return { ...row, ...fresh, round: row.round + 1, queuedAt: now, nextAttemptAt: now, updatedAt: now };
}

/** How long to wait after a failure: what the receiver asked for (but no less than the shortest wait), else the back-off. */
function retryDelay(failures: number, after: Millis | undefined, backoff: Backoff): Millis {
  if (after === undefined) return backoffDelay(backoff, failures);
  return Math.max(Math.min(after, LONGEST_RETRY_AFTER), backoffDelay(backoff, 0));
}

/**
 * The row to try next: the one that is due first, among those that no earlier row of the same conversation precedes.
 * So "resolved" never overtakes "firing", and one message that a receiver cannot digest does not hold up the others.
 */
export function nextRow(rows: readonly OutboxRow[]): OutboxRow | undefined {
  const conversations = new Set<string>();
  let next: OutboxRow | undefined;
  for (const row of inOrder(rows)) {
    const conversation = groupKeyOf(row.payload);
    if (conversations.has(conversation)) continue;
    conversations.add(conversation);
    if (next === undefined || row.nextAttemptAt < next.nextAttemptAt) next = row;
  }
  return next;
}

function inOrder(rows: readonly OutboxRow[]): OutboxRow[] {
  return [...rows].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
}
