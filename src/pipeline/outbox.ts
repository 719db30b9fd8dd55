import { digestOf } from '../notify/message/digest.ts';
import type { Notification } from '../notify/notification.ts';
import type { OutboxRow } from '../notify/outbox-row.ts';
import type { StoredNotification } from '../store/notifications.ts';

/** A row of the outbox as the store keeps it: its payload as text, and what it says in one line. */
export function toStored({ payload, ...row }: OutboxRow): StoredNotification {
  return { ...row, title: titleOf(payload), payload: JSON.stringify(payload) };
}

export function fromStored({ payload, kind, status, title: _, ...row }: StoredNotification): OutboxRow {
  return {
    ...row,
    kind: kind as OutboxRow['kind'],
    status: status as OutboxRow['status'],
    payload: JSON.parse(payload) as Notification,
  };
}

/** `fraud, version 7: 2 alerts firing`. */
function titleOf(notification: Notification): string {
  if (notification.kind === 'retrain') return `a new model for ${notification.model} ${notification.version}`;
  const { subject, state } = digestOf(notification, 0);
  return `${subject}: ${state}`;
}
