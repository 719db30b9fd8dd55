import type { Millis } from '../base/clock.ts';
import type { NotificationSummary } from '../store/notifications.ts';

/** A notification as the command line and the API show it: how it stands, without what it says in full. */
export interface NotificationView {
  readonly id: string;
  readonly kind: string;
  readonly receiver: string;
  readonly status: string;
  readonly title: string;
  /** The evaluation instant. */
  readonly at: string;
  readonly queued_at: string;
  /** How often somebody asked for another try of it. */
  readonly round: number;
  readonly attempts: number;
  /** Null when there is no next one. */
  readonly next_attempt_at: string | null;
  /** Why the newest attempt failed, or empty. */
  readonly last_error: string;
  readonly updated_at: string;
}

export function notificationView(summary: NotificationSummary): NotificationView {
  const { id, kind, receiver, status, title, round, attempts } = summary;
  return {
    id,
    kind,
    receiver,
    status,
    title,
    at: isoTime(summary.at),
    queued_at: isoTime(summary.queuedAt),
    round,
    attempts,
    next_attempt_at: status === 'pending' ? isoTime(summary.nextAttemptAt) : null,
    last_error: summary.lastError,
    updated_at: isoTime(summary.updatedAt),
  };
}

function isoTime(instant: Millis): string {
  return new Date(instant).toISOString();
}
