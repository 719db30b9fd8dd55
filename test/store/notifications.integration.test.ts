import { describe, expect, it } from 'vitest';
import { afterAttempt, type OutboxRow, pendingRow } from '../../src/notify/outbox-row.ts';
import { fromStored, toStored } from '../../src/pipeline/outbox.ts';
import type { Store } from '../../src/store/client.ts';
import { pendingNotifications, saveNotifications } from '../../src/store/notifications.ts';
import { notificationOf, retrainOf } from '../notify/examples.ts';
import { HOUR, MORNING } from '../support/events.ts';
import { STORE_KINDS, storesOfSuite } from '../support/stores.ts';

const POLICY = { backoff: { base: 1_000, max: 60_000, random: () => 0.5 }, giveUpAfter: HOUR };
const FAILED = { kind: 'retry', reason: '503' } as const;
const SENT = { kind: 'sent' } as const;

async function save(store: Store, ...rows: readonly OutboxRow[]): Promise<void> {
  await saveNotifications(store, rows.map(toStored));
}

async function pending(store: Store): Promise<OutboxRow[]> {
  return (await pendingNotifications(store)).map(fromStored);
}

describe.each(STORE_KINDS)('the outbox in a store: %s', (kind) => {
  const stores = storesOfSuite(kind);
  const decided = pendingRow(notificationOf({ at: MORNING }), MORNING + 1);

  it('gives back what is to be sent as it was decided, oldest first', async () => {
    const store = await stores.fresh();
    const request = pendingRow(retrainOf({ at: MORNING - HOUR }), MORNING);
    await save(store, decided, request);
    expect(await pending(store)).toEqual([request, decided]);
  });

  it('holds the row of the newest attempt', async () => {
    const store = await stores.fresh();
    const once = afterAttempt(decided, FAILED, MORNING + 2, POLICY);
    const twice = afterAttempt(once, FAILED, MORNING + 3, POLICY);
    await save(store, decided);
    await save(store, twice);
    await save(store, once);
    expect(await pending(store)).toEqual([twice]);
  });

  it.each([
    ['sent', SENT],
    ['dead', { kind: 'refused', reason: '410' } as const],
  ])('never takes a row that is %s back, whatever is written afterwards', async (status, outcome) => {
    const store = await stores.fresh();
    const failed = afterAttempt(decided, FAILED, MORNING + 2, POLICY);
    const done = afterAttempt(decided, outcome, MORNING + 2, POLICY);
    expect(done.status).toBe(status);
    await save(store, done);
    // The evaluation is projected again after a crash, and a slower process reports an attempt of its own.
    await save(store, decided);
    await save(store, afterAttempt(failed, FAILED, MORNING + 9, POLICY));
    expect(await pending(store)).toEqual([]);
    await store.command('OPTIMIZE TABLE {database}.notifications FINAL');
    expect(await pending(store)).toEqual([]);
    expect(await store.query('SELECT status, attempts FROM {database}.notifications FINAL')).toEqual([
      { status, attempts: 1 },
    ]);
  });
});
