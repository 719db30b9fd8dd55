import type { Millis } from '../base/clock.ts';
import type { Store } from './client.ts';
import { millisOf, sqlTime } from './sql-time.ts';

/** How a notification stands. */
export interface NotificationSummary {
  readonly id: string;
  readonly kind: string;
  readonly receiver: string;
  /** What it says in one line; empty in rows of before there were titles. */
  readonly title: string;
  readonly at: Millis;
  readonly queuedAt: Millis;
  readonly status: string;
  readonly round: number;
  readonly attempts: number;
  readonly nextAttemptAt: Millis;
  readonly lastError: string;
  readonly updatedAt: Millis;
}

/** One row of the outbox. The payload never changes; status and attempts do. */
export interface StoredNotification extends NotificationSummary {
  /** JSON; it may hold hundreds of alerts. */
  readonly payload: string;
}

export interface NotificationFilter {
  readonly status?: string;
  /** A key of an integration such as `ml-team/slack/0`, the receiver's name alone, or a retraining target. */
  readonly receiver?: string;
  /** Not more than so many. */
  readonly limit: number;
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

const SUMMARY = `id, kind, receiver, title, ${millisOf('t.at')} AS at, ${millisOf('t.queued_at')} AS queuedAt, status,
  round, attempts, ${millisOf('t.next_attempt_at')} AS nextAttemptAt, last_error AS lastError,
  ${millisOf('t.updated_at')} AS updatedAt`;

/** Payloads are read so many at a time. */
const BATCH = 100;

type Pending = Pick<StoredNotification, 'id' | 'round'>;

/** Which messages still have to be sent, oldest first. */
export async function pendingIds(store: Store): Promise<Pending[]> {
  return store.query(
    `SELECT id, round FROM {database}.notifications AS t FINAL WHERE status = 'pending' ORDER BY t.at, id`,
  );
}

/** What still has to be sent, oldest first; without those that are known already, whose payloads are not read. */
export async function pendingNotifications(
  store: Store,
  isKnown: (row: Pending) => boolean = () => false,
  listed: () => Promise<readonly Pending[]> = () => pendingIds(store),
): Promise<StoredNotification[]> {
  const ids = (await listed()).filter((row) => !isKnown(row)).map(({ id }) => id);
  const rows = await notificationsById(store, ids);
  return rows.filter(({ status }) => status === 'pending');
}

/** Whole rows, oldest first; ids that there are not are left out. */
export async function notificationsById(store: Store, ids: readonly string[]): Promise<StoredNotification[]> {
  const found: StoredNotification[] = [];
  for (let i = 0; i < ids.length; i += BATCH) {
    found.push(
      ...(await store.query<StoredNotification>(
        `SELECT ${SUMMARY}, payload FROM {database}.notifications AS t FINAL
         WHERE id IN {ids:Array(String)} ORDER BY t.at, id`,
        { ids: ids.slice(i, i + BATCH) },
      )),
    );
  }
  return found.sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
}

/** How these notifications stand; those that are not in the outbox are left out. */
export async function notificationStates(
  store: Store,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Pick<NotificationSummary, 'status' | 'lastError' | 'updatedAt'>>> {
  const rows = await store.query<NotificationSummary>(
    `SELECT ${SUMMARY} FROM {database}.notifications AS t FINAL WHERE id IN {ids:Array(String)}`,
    { ids },
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** How those notifications stand that fit, what changed last first. */
export async function listNotifications(
  store: Store,
  { status, receiver, limit }: NotificationFilter,
): Promise<NotificationSummary[]> {
  const conditions = [
    ...(status === undefined ? [] : ['status = {status:String}']),
    ...(receiver === undefined
      ? []
      : ["(receiver = {receiver:String} OR startsWith(receiver, concat({receiver:String}, '/')))"]),
  ];
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  return store.query(
    `SELECT ${SUMMARY} FROM {database}.notifications AS t FINAL ${where}
     ORDER BY t.updated_at DESC, id LIMIT {limit:UInt32}`,
    {
      ...(status !== undefined && { status }),
      ...(receiver !== undefined && { receiver }),
      limit,
    },
  );
}
