import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { FlushedPartition } from '../../src/pipeline/flushed-partition.ts';

const INTERVAL = 10_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A partition, and when its worker was told to flush. */
function partition() {
  const begun = Date.now();
  const lease = new AbortController();
  const flushedAt: number[] = [];
  const stored: number[] = [];
  let counts = true;
  let failure: Error | undefined;
  const flushed = new FlushedPartition(
    {
      handle: () => Promise.resolve(counts),
      flush: async () => {
        flushedAt.push(Date.now() - begun);
        if (failure !== undefined) throw failure;
      },
      rereadIfOutdated: () => Promise.resolve(),
      finish: () => Promise.resolve(),
    },
    { interval: INTERVAL, signal: lease.signal, onFatal: () => undefined },
    () => stored.push(Date.now() - begun),
  );
  return {
    flushedAt,
    stored,
    revoke: () => lease.abort(),
    fail: (error: Error) => {
      failure = error;
    },
    /** A batch behind which the log holds `lag` more. */
    batch: async (lag: number, isCounted = true): Promise<void> => {
      counts = isCounted;
      const about = { topic: 'predictions', partition: 0, records: [], firstOffset: 0, lastOffset: 0, lag };
      await flushed.handle(about, () => false);
      await vi.advanceTimersByTimeAsync(0);
    },
    pass: (time: number) => vi.advanceTimersByTimeAsync(time),
  };
}

it('flushes at the end of a backlog, and tells when that is stored', async () => {
  const { batch, pass, flushedAt, stored } = partition();
  await batch(2_000);
  await pass(3_000);
  await batch(1_000);
  expect(flushedAt).toEqual([]);
  await batch(0);
  expect([flushedAt, stored]).toEqual([[3_000], [3_000]]);
});

it('flushes what it finds at the beginning, also when that comes in one batch', async () => {
  const { batch, flushedAt } = partition();
  await batch(0);
  expect(flushedAt).toEqual([0]);
});

it('does not flush traffic that reaches the end with each batch but at the interval', async () => {
  const { batch, pass, flushedAt } = partition();
  await batch(0);
  for (let i = 0; i < 35; i += 1) {
    await pass(1_000);
    await batch(0);
  }
  expect(flushedAt).toEqual([0, INTERVAL, 2 * INTERVAL, 3 * INTERVAL]);
});

it('flushes traffic that falls behind and catches up all the time once more in each interval, and not more often', async () => {
  const { batch, pass, flushedAt } = partition();
  for (let i = 0; i < 25; i += 1) {
    await batch(500);
    await batch(0);
    await pass(1_000);
  }
  expect(flushedAt).toEqual([0, INTERVAL, INTERVAL, 2 * INTERVAL, 2 * INTERVAL]);
});

it('does not take a batch for the end that is void, and flushes when the log has been read again', async () => {
  const { batch, pass, flushedAt } = partition();
  await batch(0);
  await pass(INTERVAL);
  await batch(0, false);
  expect(flushedAt).toEqual([0, INTERVAL]);
  await batch(0);
  expect(flushedAt).toEqual([0, INTERVAL, INTERVAL]);
});

it('goes on at the interval when the flush of a backlog has failed', async () => {
  const { batch, pass, fail, flushedAt, stored } = partition();
  fail(new Error('on purpose'));
  await batch(0);
  await pass(INTERVAL);
  expect([flushedAt, stored]).toEqual([[0, INTERVAL], []]);
});

it('ends with the lease', async () => {
  const { batch, pass, revoke, flushedAt } = partition();
  await batch(500);
  revoke();
  await pass(5 * INTERVAL);
  expect(flushedAt).toEqual([]);
});
