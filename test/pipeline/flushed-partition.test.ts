import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { DriftdError } from '../../src/base/errors.ts';
import { FlushedPartition } from '../../src/pipeline/flushed-partition.ts';

const INTERVAL = 10_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A partition, and when its worker was told to flush. */
function partition(behind = new Set<object>()) {
  const begun = Date.now();
  const lease = new AbortController();
  const flushedAt: number[] = [];
  const stored: number[] = [];
  let counts = true;
  let failure: Error | undefined;
  let isOutdated = false;
  const fatal: unknown[] = [];
  const flushed = new FlushedPartition(
    {
      handle: () => Promise.resolve(counts),
      flush: async () => {
        flushedAt.push(Date.now() - begun);
        if (failure !== undefined) throw failure;
      },
      rereadIfOutdated: async () => {
        const was = isOutdated;
        isOutdated = false;
        return was;
      },
      finish: () => Promise.resolve(),
    },
    {
      pace: { interval: INTERVAL, signal: lease.signal, onFatal: (error) => fatal.push(error) },
      behind,
      onCaughtUp: () => stored.push(Date.now() - begun),
    },
  );
  return {
    flushedAt,
    stored,
    fatal,
    outdate: () => {
      isOutdated = true;
    },
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

it('goes on at the interval when the flush of a backlog has failed and that may pass', async () => {
  const { batch, pass, fail, flushedAt, stored, fatal } = partition();
  fail(new DriftdError('environment', 'on purpose', { retryable: true }));
  await batch(0);
  await pass(INTERVAL);
  expect([flushedAt, stored, fatal]).toEqual([[0, INTERVAL], [], []]);
});

it('tells of a failure that does not pass', async () => {
  const { batch, fail, fatal, stored } = partition();
  const failure = new TypeError('on purpose');
  fail(failure);
  await batch(0);
  expect([fatal, stored]).toEqual([[failure], []]);
});

it('reads an outdated chunk again instead, and flushes when it has', async () => {
  const { batch, pass, outdate, flushedAt, stored } = partition();
  await batch(500);
  outdate();
  await batch(0);
  expect([flushedAt, stored]).toEqual([[], []]);
  await pass(INTERVAL);
  await batch(0);
  expect([flushedAt, stored]).toEqual([[INTERVAL, INTERVAL], [INTERVAL]]);
  outdate();
  await pass(INTERVAL);
  await batch(0);
  expect(flushedAt).toEqual([INTERVAL, INTERVAL, 2 * INTERVAL]);
});

it('tells that all is caught up when no other partition is known to be behind', async () => {
  const behind = new Set<object>();
  const [first, second, third] = [partition(behind), partition(behind), partition(behind)];
  await first.batch(500);
  await second.batch(500);
  await third.batch(500);
  await first.batch(0);
  expect(first.stored).toEqual([]);
  // Whoever has it now will tell of it.
  third.revoke();
  await second.batch(0);
  expect([first.stored, second.stored, third.stored]).toEqual([[], [0], []]);
  expect(behind.size).toBe(0);
});

it('ends with the lease', async () => {
  const { batch, pass, revoke, flushedAt } = partition();
  await batch(500);
  revoke();
  await pass(5 * INTERVAL);
  expect(flushedAt).toEqual([]);
});
