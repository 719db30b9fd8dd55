import type { Notification } from '../notify/notification.ts';
import type { OutboxRow } from '../notify/outbox-row.ts';
import type { StoredNotification } from '../store/notifications.ts';

/** A row of the outbox as the store keeps it: its payload as text. */
export function toStored({ payload, ...row }: OutboxRow): StoredNotification {
  return { ...row, payload: JSON.stringify(payload) };
}

export function fromStored({ payload, kind, status, ...row }: StoredNotification): OutboxRow {
  return {
    ...row,
    kind: kind as OutboxRow['kind'],
    status: status as OutboxRow['status'],
    payload: JSON.parse(payload) as Notification,
  };
}
