import { expect, it } from 'vitest';
import { StalledPartitions } from '../../src/pipeline/stalled.ts';
import type { PartitionProgress } from '../../src/store/progress.ts';
import { MORNING } from '../support/events.ts';

function progressOf(endOffset: number, partition = 0): PartitionProgress {
  const about = { topic: 'predictions', caughtUp: false, maxEventTime: MORNING };
  return { ...about, activeAt: MORNING, flushedAt: MORNING, partition, endOffset };
}

/** Looks every five seconds, from `from` to `to` (seconds after the morning). */
function lookOften(
  stalled: StalledPartitions,
  from: number,
  to: number,
  partitions: PartitionProgress[],
): void {
  for (let second = from; second <= to; second += 5) stalled.look(partitions, MORNING + second * 1_000);
}

it('calls a partition stalled of which nothing was stored for a minute', () => {
  const stalled = new StalledPartitions();
  expect(stalled.has(progressOf(7))).toBe(false);
  lookOften(stalled, 0, 55, [progressOf(7), progressOf(7, 1)]);
  expect(stalled.has(progressOf(7))).toBe(false);
  lookOften(stalled, 60, 60, [progressOf(7), progressOf(8, 1)]);
  expect(stalled.has(progressOf(7))).toBe(true);
  expect(stalled.has(progressOf(8, 1))).toBe(false);
});

it('begins anew when the partition moves', () => {
  const stalled = new StalledPartitions();
  lookOften(stalled, 0, 60, [progressOf(7)]);
  lookOften(stalled, 65, 120, [progressOf(9)]);
  expect(stalled.has(progressOf(9))).toBe(false);
  lookOften(stalled, 125, 125, [progressOf(9)]);
  expect(stalled.has(progressOf(9))).toBe(true);
});

it('begins anew after a time in which nobody looked: the store may have been away', () => {
  const stalled = new StalledPartitions();
  lookOften(stalled, 0, 30, [progressOf(7)]);
  lookOften(stalled, 90, 145, [progressOf(7)]);
  expect(stalled.has(progressOf(7))).toBe(false);
});
