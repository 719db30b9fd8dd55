import type { Millis } from '../../base/clock.ts';
import { busyUntil } from '../../notify/retrain-states.ts';
import { type RetrainingTargetOptions, timeoutOf } from '../../notify/retraining-options.ts';
import type { Store } from '../../store/client.ts';
import { notificationStates } from '../../store/notifications.ts';
import { listRetrains, type RetrainSummary } from '../../store/retrain-requests.ts';
import { type RetrainRecord, recordsOf, saveStep } from './retrain-record.ts';

/** How many requests are looked through for others of a model. */
const MOST = 1_000;

/** Until when these requests keep others of their models from being made, by id; without those that do not. */
export async function busyRequests(
  store: Store,
  records: readonly RetrainRecord[],
  targets: readonly RetrainingTargetOptions[],
): Promise<ReadonlyMap<string, Millis>> {
  const undelivered = records.filter(({ state }) => state === 'undelivered').map(({ about }) => about.id);
  // Somebody may have asked for another try of these.
  const tried = undelivered.length === 0 ? new Map() : await notificationStates(store, undelivered);
  const busy = new Map<string, Millis>();
  for (const { about, steps } of records) {
    const { id, at, target } = about;
    const retried = tried.get(id);
    const until =
      retried?.status === 'pending'
        ? Number.POSITIVE_INFINITY
        : retried?.status === 'sent'
          ? retried.updatedAt + timeoutOf(targets, target)
          : busyUntil(at, steps, timeoutOf(targets, target));
    if (until !== undefined) busy.set(id, until);
  }
  return busy;
}

/**
 * Another request that is at work for the same model.
 *
 * @param since looks only for those that were asked for before, when this one was asked for then; of two that were asked for
 *   at once, one is before.
 */
export async function otherAtWork(
  store: Store,
  { id, model }: Pick<RetrainSummary, 'id' | 'model'>,
  targets: readonly RetrainingTargetOptions[],
  now: Millis,
  since = Number.POSITIVE_INFINITY,
): Promise<string | undefined> {
  const records = await recordsOf(store, await listRetrains(store, { model, limit: MOST }));
  const others = records.filter((record) => {
    const at = record.steps.find(({ state }) => state === 'requested')?.at ?? record.about.at;
    return record.about.id !== id && (at < since || (at === since && record.about.id < id));
  });
  const busy = await busyRequests(store, others, targets);
  return others.find(({ about }) => now < (busy.get(about.id) ?? now))?.about.id;
}

/**
 * Calls off a request when another process asked for a model of the same name before, and neither knew of the other.
 *
 * @returns the other request.
 */
export async function yieldToEarlier(
  store: Store,
  { about, steps }: RetrainRecord,
  targets: readonly RetrainingTargetOptions[],
  now: Millis,
): Promise<string | undefined> {
  const asked = steps.find(({ state }) => state === 'requested');
  if (asked === undefined) return undefined;
  const other = await otherAtWork(store, about, targets, now, asked.at);
  if (other !== undefined)
    await saveStep(store, about.id, {
      state: 'cancelled',
      at: now,
      reason: `another request was first: ${other}`,
    });
  return other;
}
