import { describe, expect, it } from 'vitest';
import type { RejectReason } from '../../src/event/events.ts';
import { firstIntake, intakeRow, topicIntake } from '../../src/store/intake.ts';
import { MINUTE, MORNING } from '../support/events.ts';
import { STORE_KINDS, storesOfSuite } from '../support/stores.ts';

type Rejects = Partial<Record<RejectReason, { count: number; offset: number }>>;

function rowOf(minute: number, records: number, rejects: Rejects = {}, partition = 0, topic = 'predictions') {
  const tallies = new Map(Object.entries(rejects)) as Parameters<typeof intakeRow>[1]['rejects'];
  return intakeRow({ topic, partition, at: MORNING + minute * MINUTE }, { records, rejects: tallies });
}

describe.each(STORE_KINDS)('what was read and rejected, in a store: %s', (kind) => {
  const stores = storesOfSuite(kind);

  it('adds up by topic over all partitions and flushes of a time', async () => {
    const store = await stores.fresh();
    await store.insert('intake', [
      rowOf(0, 1_000, { empty: { count: 900, offset: 1 } }),
      rowOf(1, 10, { not_json: { count: 4, offset: 20 }, no_model: { count: 1, offset: 21 } }),
      rowOf(2, 10, { not_json: { count: 1, offset: 30 }, too_old: { count: 3, offset: 31 } }, 1),
      rowOf(2, 10, { too_old: { count: 1, offset: 40 } }),
      rowOf(3, 7, {}, 0, 'labels'),
      rowOf(4, 1_000, { empty: { count: 900, offset: 2 } }),
    ]);
    expect(await topicIntake(store, MORNING + MINUTE, MORNING + 4 * MINUTE)).toEqual([
      { topic: 'labels', records: 7, rejected: 0, first: MORNING + 3 * MINUTE },
      {
        topic: 'predictions',
        records: 30,
        rejected: 10,
        first: MORNING + MINUTE,
        // The newest of the most frequent.
        worst: { reason: 'not_json', partition: 1, offset: 30 },
      },
    ]);
  });

  it('is nothing where nothing was read, and has no reason where nothing was rejected', async () => {
    const store = await stores.fresh();
    expect(await topicIntake(store, 0, MORNING)).toEqual([]);
    expect(await firstIntake(store)).toBeUndefined();
    await store.insert('intake', [rowOf(0, 5)]);
    expect(await topicIntake(store, MORNING, MORNING + 1)).toEqual([
      { topic: 'predictions', records: 5, rejected: 0, first: MORNING },
    ]);
  });

  it('knows when it began', async () => {
    const store = await stores.fresh();
    await store.insert('intake', [rowOf(3, 1), rowOf(1, 1, {}, 7), rowOf(2, 1)]);
    expect(await firstIntake(store)).toBe(MORNING + MINUTE);
  });

  it('counts a flush once whose answer was lost', async () => {
    const store = await stores.fresh();
    const row = rowOf(0, 5, { empty: { count: 2, offset: 3 } });
    await store.insert('intake', [row]);
    await store.insert('intake', [row]);
    expect(await topicIntake(store, MORNING, MORNING + 1)).toMatchObject([{ records: 5, rejected: 2 }]);
  });
});
