import { describe, expect, it } from 'vitest';
import { afterAttempt, type OutboxRow, pendingRow, retriedRow } from '../../src/notify/outbox-row.ts';
import { fromStored, toStored } from '../../src/pipeline/outbox.ts';
import type { Store } from '../../src/store/client.ts';
import {
  listNotifications,
  notificationsById,
  pendingNotifications,
  saveNotifications,
} from '../../src/store/notifications.ts';
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

  it('takes a dead row back for another round, and forgets none of it when the first round is written again', async () => {
    const store = await stores.fresh();
    const dead = afterAttempt(decided, { kind: 'gone', reason: 'answered 410' }, MORNING + 2, POLICY);
    await save(store, decided, dead);
    const again = retriedRow(dead, MORNING + HOUR);
    await save(store, again);
    await save(store, decided);
    await save(store, dead);
    expect(await pending(store)).toEqual([again]);
    await save(store, afterAttempt(again, SENT, MORNING + HOUR + 1, POLICY));
    await save(store, again);
    expect(await pending(store)).toEqual([]);
  });

  it('does not load what is known already', async () => {
    const store = await stores.fresh();
    const other = { ...decided, id: 'other', round: 2 };
    await save(store, decided, other);
    const rows = await pendingNotifications(store, ({ id, round }) => id === decided.id && round === 0);
    expect(rows.map(fromStored)).toEqual([other]);
    expect(await pendingNotifications(store, ({ round }) => round === 1)).toHaveLength(2);
  });

  it('finds notifications by state and by receiver, the newest first, and whole ones by id', async () => {
    const store = await stores.fresh();
    const sent = { ...afterAttempt(decided, SENT, MORNING + 9, POLICY), id: 'sent' };
    const toOther = pendingRow(notificationOf({ id: 'toOther', receiver: 'team-b/slack/0' }), MORNING + 3);
    const toTarget = pendingRow(retrainOf({ id: 'toTarget' }), MORNING + 4);
    await save(store, { ...decided, id: 'sent' }, sent, toOther, toTarget);
    const find = async (filter: Partial<Parameters<typeof listNotifications>[1]>): Promise<string[]> =>
      (await listNotifications(store, { limit: 9, ...filter })).map(({ id }) => id);
    expect(await find({})).toEqual(['sent', 'toTarget', 'toOther']);
    expect(await find({ limit: 1 })).toEqual(['sent']);
    expect(await find({ status: 'pending' })).toEqual(['toTarget', 'toOther']);
    expect(await find({ receiver: 'team' })).toEqual(['sent']);
    expect(await find({ receiver: 'team/slack/0' })).toEqual(['sent']);
    expect(await find({ receiver: 'pipeline' })).toEqual(['toTarget']);
    expect(await find({ receiver: "'; DROP TABLE" })).toEqual([]);
    const [whole, ...rest] = await notificationsById(store, ['sent', "'; DROP TABLE"]);
    expect(rest).toEqual([]);
    expect(whole && fromStored(whole)).toEqual(sent);
    expect(whole?.title).toBe('fraud, version 7: 1 alert firing');
  });

  it('knows what was written before there were rounds', async () => {
    const store = await stores.fresh();
    const { queuedAt: _, round: __, ...old } = decided;
    const columns = {
      next_attempt_at: '2026-11-22 08:00:00',
      last_error: '',
      updated_at: '2026-11-22 08:00:00',
    };
    await store.insert('notifications', [
      { ...old, ...columns, payload: JSON.stringify(old.payload), at: '2026-11-22 08:00:00' },
    ]);
    expect(await pending(store)).toMatchObject([{ id: decided.id, round: 0, queuedAt: MORNING }]);
  });
});
