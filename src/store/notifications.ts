import type { Millis } from '../base/clock.ts';
import type { Store } from './client.ts';
import { millisOf, sqlTime } from './sql-time.ts';

/** One row of the outbox. The payload never changes; status and attempts do. */
export interface StoredNotification {
  readonly id: string;
  readonly kind: string;
  readonly receiver: string;
  readonly at: Millis;
  readonly status: string;
  readonly attempts: number;
  readonly nextAttemptAt: Millis;
  readonly lastError: string;
  /** JSON. */
  readonly payload: string;
  readonly updatedAt: Millis;
}

export async function saveNotifications(store: Store, rows: readonly StoredNotification[]): Promise<void> {
  await store.insert(
    'notifications',
    rows.map(({ nextAttemptAt, lastError, updatedAt, at, ...row }) => ({
      ...row,
      at: sqlTime(at),
      next_attempt_at: sqlTime(nextAttemptAt),
      last_error: lastError,
      updated_at: sqlTime(updatedAt),
    })),
  );
}

/** What still has to be sent, oldest first. */
export async function pendingNotifications(store: Store): Promise<StoredNotification[]> {
  return store.query(
    `SELECT id, kind, receiver, ${millisOf('t.at')} AS at, status, attempts,
            ${millisOf('t.next_attempt_at')} AS nextAttemptAt, last_error AS lastError, payload,
            ${millisOf('t.updated_at')} AS updatedAt
     FROM {database}.notifications AS t FINAL WHERE status = 'pending' ORDER BY t.at, id`,
  );
}
