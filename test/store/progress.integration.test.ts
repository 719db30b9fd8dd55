import { describe, expect, it } from 'vitest';
import {
  chunkAt,
  type ProgressRow,
  partitionProgress,
  saveProgress,
  storedEnd,
} from '../../src/store/progress.ts';
import { MINUTE, MORNING } from '../support/events.ts';
import { STORE_KINDS, storesOfSuite } from '../support/stores.ts';

function rowOf(change: Partial<ProgressRow> = {}): ProgressRow {
  return {
    topic: 'predictions',
    partition: 0,
    chunkStart: 0,
    readFrom: 0,
    gap: 0,
    endOffset: 10,
    closed: false,
    caughtUp: false,
    records: 10,
    maxRecords: 100,
    predictions: 10,
    labels: 0,
    unprofiled: 0,
    rejected: 0,
    maxEventTime: MORNING,
    late: 0,
    activeAt: MORNING,
    flushedAt: MORNING,
    ...change,
  };
}

describe.each(STORE_KINDS)('progress in a store: %s', (kind) => {
  const stores = storesOfSuite(kind);

  it('is that of the flush which came furthest, in each partition', async () => {
    const store = await stores.fresh();
    expect(await partitionProgress(store)).toEqual([]);
    await saveProgress(store, rowOf({ endOffset: 100, closed: true, maxEventTime: MORNING + 9 * MINUTE }));
    await saveProgress(
      store,
      rowOf({
        chunkStart: 100,
        endOffset: 130,
        caughtUp: true,
        maxEventTime: MORNING + 5 * MINUTE,
        activeAt: MORNING + 1,
        flushedAt: MORNING + 1,
      }),
    );
    await saveProgress(store, rowOf({ partition: 1, activeAt: MORNING + 2, flushedAt: MORNING + 2 }));
    await saveProgress(store, rowOf({ topic: 'labels', endOffset: 7 }));
    expect(await partitionProgress(store)).toEqual([
      {
        topic: 'labels',
        partition: 0,
        endOffset: 7,
        caughtUp: false,
        maxEventTime: MORNING,
        activeAt: MORNING,
        flushedAt: MORNING,
      },
      {
        topic: 'predictions',
        partition: 0,
        endOffset: 130,
        caughtUp: true,
        // The highest of all chunks, although the newest one has no event as late.
        maxEventTime: MORNING + 9 * MINUTE,
        activeAt: MORNING + 1,
        flushedAt: MORNING + 1,
      },
      {
        topic: 'predictions',
        partition: 1,
        endOffset: 10,
        caughtUp: false,
        maxEventTime: MORNING,
        activeAt: MORNING + 2,
        flushedAt: MORNING + 2,
      },
    ]);
  });

  it('is not thrown back by a chunk that is read again, nor by an owner of before', async () => {
    const store = await stores.fresh();
    const furthest = rowOf({ endOffset: 90, caughtUp: true, maxEventTime: MORNING + MINUTE });
    await saveProgress(store, furthest);
    await saveProgress(store, rowOf({ endOffset: 40, activeAt: MORNING + 7, flushedAt: MORNING + 7 }));
    await store.command('OPTIMIZE TABLE {database}.progress FINAL');
    expect(await partitionProgress(store)).toMatchObject([
      { endOffset: 90, caughtUp: true, maxEventTime: MORNING + MINUTE, flushedAt: MORNING },
    ]);
  });

  it('believes the newest flush at one offset about whether the log holds more', async () => {
    const store = await stores.fresh();
    await saveProgress(store, rowOf({ caughtUp: true, activeAt: MORNING, flushedAt: MORNING }));
    await saveProgress(store, rowOf({ caughtUp: false, activeAt: MORNING + 1, flushedAt: MORNING + 1 }));
    expect(await partitionProgress(store)).toMatchObject([{ caughtUp: false, activeAt: MORNING + 1 }]);
    await saveProgress(store, rowOf({ caughtUp: true, activeAt: MORNING + 2, flushedAt: MORNING + 2 }));
    expect(await partitionProgress(store)).toMatchObject([{ caughtUp: true, activeAt: MORNING + 2 }]);
  });

  it('finds the chunk that an offset lies in or behind', async () => {
    const store = await stores.fresh();
    await saveProgress(store, rowOf({ chunkStart: 20, readFrom: 18, endOffset: 45, maxRecords: 50 }));
    await saveProgress(
      store,
      rowOf({ chunkStart: 20, readFrom: 18, endOffset: 70, maxRecords: 50, closed: true }),
    );
    await saveProgress(store, rowOf({ chunkStart: 75, readFrom: 73, gap: 3, endOffset: 80, maxRecords: 60 }));
    await saveProgress(store, rowOf({ partition: 1, chunkStart: 60, endOffset: 66 }));
    await saveProgress(store, rowOf({ topic: 'labels', chunkStart: 60, endOffset: 66 }));
    const at = (offset: number) => chunkAt(store, 'predictions', 0, offset);
    const first = { start: 20, readFrom: 18, gap: 0, end: 70, maxRecords: 50 };
    const second = { start: 75, readFrom: 73, gap: 3, end: 80, maxRecords: 60 };
    expect(await at(19)).toBeUndefined();
    expect(await at(20)).toEqual(first);
    expect(await at(69)).toEqual(first);
    expect(await at(74)).toEqual(first);
    expect(await at(75)).toEqual(second);
    expect(await at(1_000_000)).toEqual(second);
    expect(await chunkAt(store, 'predictions', 2, 50)).toBeUndefined();
  });

  it('knows up to where a partition is counted', async () => {
    const store = await stores.fresh();
    await saveProgress(store, rowOf({ endOffset: 45 }));
    await saveProgress(store, rowOf({ chunkStart: 45, endOffset: 70 }));
    expect(await storedEnd(store, 'predictions', 0)).toBe(70);
    expect(await storedEnd(store, 'predictions', 1)).toBeUndefined();
  });

  it('holds offsets as large as a double can count', async () => {
    const store = await stores.fresh();
    const far = Number.MAX_SAFE_INTEGER;
    await saveProgress(store, rowOf({ chunkStart: far - 5, endOffset: far }));
    expect(await chunkAt(store, 'predictions', 0, far)).toEqual({
      start: far - 5,
      readFrom: 0,
      gap: 0,
      end: far,
      maxRecords: 100,
    });
    expect(await partitionProgress(store)).toMatchObject([{ endOffset: far }]);
  });
});
