import type { Store } from './client.ts';

/** One step of the conversation with one integration about one group of alerts. */
export interface NotificationLogRow {
  readonly receiver: string;
  readonly groupKey: string;
  /** Grows by one from step to step. */
  readonly seq: number;
  readonly reason: string;
  /** JSON. */
  readonly state: string;
  /** Empty when the step sends nothing. */
  readonly notificationId: string;
  /** JSON, or empty. */
  readonly notification: string;
}

/** Commits steps: all rows in one block, so they are there together or not at all. */
export async function saveLogRows(store: Store, rows: readonly NotificationLogRow[]): Promise<void> {
  await store.insert(
    'notification_log',
    rows.map(({ groupKey, notificationId, ...row }) => ({
      ...row,
      group_key: groupKey,
      notification_id: notificationId,
    })),
  );
}

/** Where each conversation stands. */
export async function newestConversations(
  store: Store,
): Promise<Array<Pick<NotificationLogRow, 'receiver' | 'groupKey' | 'seq' | 'state'>>> {
  return store.query(
    `SELECT receiver, group_key AS groupKey, max(l.seq) AS seq, argMax(l.state, (l.seq, l.dispatched_at)) AS state
     FROM {database}.notification_log AS l GROUP BY receiver, group_key ORDER BY receiver, group_key`,
  );
}

/** Messages that were committed and did not get into the outbox: whoever decided them died in between. JSON. */
export async function strandedNotifications(store: Store): Promise<string[]> {
  const rows = await store.query<{ notification: string }>(
    `SELECT notification FROM
       (SELECT argMax(l.notification_id, (l.seq, l.dispatched_at)) AS id,
               argMax(l.notification, (l.seq, l.dispatched_at)) AS notification,
               max(l.dispatched_at) AS newest
        FROM {database}.notification_log AS l GROUP BY receiver, group_key)
     -- The two tables forget each at its own time: what is old was sent, or given up, long ago.
     WHERE id != '' AND newest > now() - INTERVAL 30 DAY AND id NOT IN (SELECT id FROM {database}.notifications) ORDER BY id`,
  );
  return rows.map(({ notification }) => notification);
}

/** Those of some messages behind which another one of the same conversation was decided. */
export async function outdatedNotifications(store: Store, ids: readonly string[]): Promise<Set<string>> {
  const rows = await store.query<{ id: string }>(
    `SELECT DISTINCT l.notification_id AS id FROM {database}.notification_log AS l
     INNER JOIN (SELECT receiver, group_key, max(seq) AS newest FROM {database}.notification_log
                 WHERE notification_id != '' GROUP BY receiver, group_key) AS n
       ON n.receiver = l.receiver AND n.group_key = l.group_key
     WHERE l.notification_id IN {ids:Array(String)} AND l.seq < n.newest`,
    { ids },
  );
  return new Set(rows.map(({ id }) => id));
}
