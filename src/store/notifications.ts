import type { Millis } from '../base/clock.ts';
import type { Store } from './client.ts';
import { millisOf, sqlTime } from './sql-time.ts';

/** One row of the outbox. The payload never changes; status and attempts do. */
export interface StoredNotification {
  readonly id: string;
  readonly kind: string;
  readonly receiver: string;
  readonly at: Millis;
  readonly queuedAt: Millis;
  readonly status: string;
  readonly round: number;
  readonly attempts: number;
  readonly nextAttemptAt: Millis;
  readonly lastError: string;
  /** JSON. */
  readonly payload: string;
  readonly updatedAt: Millis;
}

export interface NotificationFilter {
  readonly ids?: readonly string[];
  readonly status?: string;
  /** A key of an integration such as `ml-team/slack/0`, the receiver's name alone, or a retraining target. */
  readonly receiver?: string;
  /** Not more than so many, the newest ones. */
  readonly limit?: number;
}

export async function saveNotifications(store: Store, rows: readonly StoredNotification[]): Promise<void> {
  await store.insert(
    'notifications',
    rows.map(({ nextAttemptAt, lastError, updatedAt, queuedAt, at, ...row }) => ({
      ...row,
      at: sqlTime(at),
      queued_at: sqlTime(queuedAt),
      next_attempt_at: sqlTime(nextAttemptAt),
      last_error: lastError,
      updated_at: sqlTime(updatedAt),
    })),
  );
}

const NEWEST_STATE = `
  SELECT id, kind, receiver, ${millisOf('t.at')} AS at, ${millisOf('t.queued_at')} AS queuedAt, status, round, attempts,
         ${millisOf('t.next_attempt_at')} AS nextAttemptAt, last_error AS lastError, payload,
         ${millisOf('t.updated_at')} AS updatedAt
  FROM {database}.notifications AS t FINAL`;

/** Payloads are asked for so many at a time: each may hold hundreds of alerts. */
const BATCH = 100;

/** What still has to be sent, oldest first; without those that are known already, whose payloads are not read. */
export async function pendingNotifications(
  store: Store,
  isKnown: (row: Pick<StoredNotification, 'id' | 'round'>) => boolean = () => false,
): Promise<StoredNotification[]> {
  const pending = await store.query<Pick<StoredNotification, 'id' | 'round'>>(
    `SELECT id, round FROM {database}.notifications AS t FINAL WHERE status = 'pending' ORDER BY t.at, id`,
  );
  const ids = pending.filter((row) => !isKnown(row)).map(({ id }) => id);
  const found: StoredNotification[] = [];
  for (let i = 0; i < ids.length; i += BATCH) {
    found.push(
      ...(await store.query<StoredNotification>(
        `${NEWEST_STATE} WHERE id IN {ids:Array(String)} AND status = 'pending' ORDER BY t.at, id`,
        { ids: ids.slice(i, i + BATCH) },
      )),
    );
  }
  return found;
}

/** The notifications that fit, newest first. */
export async function findNotifications(
  store: Store,
  { ids, status, receiver, limit = 1_000 }: NotificationFilter,
): Promise<StoredNotification[]> {
  const conditions = [
    ...(ids === undefined ? [] : ['id IN {ids:Array(String)}']),
    ...(status === undefined ? [] : ['status = {status:String}']),
    ...(receiver === undefined
      ? []
      : ["(receiver = {receiver:String} OR startsWith(receiver, concat({receiver:String}, '/')))"]),
  ];
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  return store.query(`${NEWEST_STATE} ${where} ORDER BY t.updated_at DESC, id LIMIT {limit:UInt32}`, {
    ...(ids !== undefined && { ids }),
    ...(status !== undefined && { status }),
    ...(receiver !== undefined && { receiver }),
    limit,
  });
}
