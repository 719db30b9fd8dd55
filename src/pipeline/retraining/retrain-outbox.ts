import type { Millis } from '../../base/clock.ts';
import type { AlertNotification, Notification, RetrainRequest } from '../../notify/notification.ts';
import { pendingRow } from '../../notify/outbox-row.ts';
import { suggestionNote } from '../../notify/retraining-note.ts';
import type { Alert } from '../../rules/alert.ts';
import type { Store } from '../../store/client.ts';
import { saveNotifications } from '../../store/notifications.ts';
import { saveRetrains } from '../../store/retrain-requests.ts';
import { toStored } from '../outbox.ts';
import { saveStep } from './retrain-record.ts';

/** Puts messages into the outbox. What is in it already stays as it is. */
export async function queue(store: Store, messages: readonly Notification[], now: Millis): Promise<void> {
  if (messages.length === 0) return;
  await saveNotifications(
    store,
    messages.map((message) => toStored(pendingRow(message, now))),
  );
}

/**
 * Writes requests that an evaluation has committed: to the tables that people read, and to the outbox, or where somebody
 * has to approve them, to those who hear of their alerts. May be asked twice for the same.
 */
export async function projectRequests(
  store: Store,
  requests: readonly RetrainRequest[],
  receiversOf: (alerts: readonly Alert[]) => readonly string[],
  now: Millis,
): Promise<void> {
  if (requests.length === 0) return;
  await saveRetrains(store, requests.map(storedRetrain), now);
  for (const { id, suggested } of requests)
    await saveStep(store, id, { state: suggested === true ? 'suggested' : 'requested', at: now });
  const messages = requests.flatMap((request): ReadonlyArray<RetrainRequest | AlertNotification> => {
    if (request.suggested !== true) return [request];
    return receiversOf(request.alerts).map((receiver) => suggestionNote(request, receiver));
  });
  await queue(store, messages, now);
}

function storedRetrain(request: RetrainRequest) {
  const { id, target, model, version, at, suggested } = request;
  return {
    id,
    target,
    model,
    version,
    at,
    status: suggested === true ? 'suggested' : 'requested',
    reason: request.alerts.map(({ annotations }) => annotations['summary'] ?? '').join('; '),
    baselineId: request.baselineId ?? '',
    request: JSON.stringify(request),
  };
}
