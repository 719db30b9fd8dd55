import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { labelsReached, watermark } from '../../src/pipeline/watermark.ts';
import type { PartitionProgress } from '../../src/store/progress.ts';
import { HOUR, MINUTE, MORNING } from '../support/events.ts';

const NOW = MORNING + HOUR;
const OPTIONS = { allowedLateness: 2 * MINUTE, idleTimeout: MINUTE };

function progressOf(change: Partial<PartitionProgress> = {}): PartitionProgress {
  return {
    topic: 'predictions',
    partition: 0,
    endOffset: 100,
    caughtUp: true,
    maxEventTime: NOW - 10 * MINUTE,
    activeAt: NOW - 1_000,
    flushedAt: NOW - 1_000,
    ...change,
  };
}

/** Read to its end, and silent for long enough. */
const IDLE = { caughtUp: true, activeAt: NOW - MINUTE, maxEventTime: MORNING - 5 * HOUR };

describe('the watermark', () => {
  it('is not known before anything is stored', () => {
    expect(watermark([], NOW, OPTIONS)).toBeUndefined();
  });

  it('is the least of the highest event times, less the allowed lateness', () => {
    const partitions = [progressOf(), progressOf({ partition: 1, maxEventTime: NOW - 30 * MINUTE })];
    expect(watermark(partitions, NOW, OPTIONS)).toBe(NOW - 32 * MINUTE);
  });

  it('is not held back by partitions that are idle', () => {
    const partitions = [progressOf(), progressOf({ partition: 1, ...IDLE })];
    expect(watermark(partitions, NOW, OPTIONS)).toBe(NOW - 12 * MINUTE);
  });

  it.each([
    ['that has more to read', { caughtUp: false }],
    ['that was active a moment ago', { activeAt: NOW - MINUTE + 1 }],
  ])('is held back by a partition %s', (_, change) => {
    const partitions = [progressOf(), progressOf({ partition: 1, ...IDLE, ...change })];
    expect(watermark(partitions, NOW, OPTIONS)).toBe(MORNING - 5 * HOUR - 2 * MINUTE);
  });

  it('goes on with the clock when all partitions are idle', () => {
    const partitions = [progressOf(IDLE), progressOf({ partition: 1, ...IDLE })];
    expect(watermark(partitions, NOW, OPTIONS)).toBe(NOW - 2 * MINUTE);
  });

  it('does not run ahead of the clock with an event that does', () => {
    expect(watermark([progressOf({ maxEventTime: NOW + 365 * 24 * HOUR })], NOW, OPTIONS)).toBe(
      NOW - 2 * MINUTE,
    );
  });

  it('is not held back by a partition that never had a valid event, once that is read to its end', () => {
    const mute = progressOf({ partition: 1, maxEventTime: 0 });
    expect(watermark([progressOf(), mute], NOW, OPTIONS)).toBe(NOW - 12 * MINUTE);
    expect(watermark([progressOf(), { ...mute, caughtUp: false }], NOW, OPTIONS)).toBeLessThan(0);
  });

  it('never falls because one partition has come further', () => {
    const times = fc.array(fc.integer({ min: MORNING, max: NOW }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(times, fc.nat(4), fc.nat(HOUR), (maxima, which, step) => {
        const partitions = maxima.map((maxEventTime, partition) => progressOf({ partition, maxEventTime }));
        const further = partitions.map((one, i) =>
          i === which ? { ...one, maxEventTime: one.maxEventTime + step } : one,
        );
        const before = watermark(partitions, NOW, OPTIONS) ?? Number.NaN;
        expect(watermark(further, NOW, OPTIONS)).toBeGreaterThanOrEqual(before);
      }),
    );
  });
});

describe('labels', () => {
  const lateness = 2 * MINUTE;

  it('have reached an instant when every partition was read as far, or has passed it', () => {
    const passed = progressOf({ maxEventTime: MORNING + lateness });
    const behind = progressOf({ partition: 1, maxEventTime: MORNING + lateness - 1 });
    expect(labelsReached([], MORNING, lateness, () => false)).toBe(true);
    expect(labelsReached([passed], MORNING, lateness, () => false)).toBe(true);
    expect(labelsReached([passed, behind], MORNING, lateness, () => false)).toBe(false);
    expect(labelsReached([passed, behind], MORNING, lateness, ({ partition }) => partition === 1)).toBe(true);
  });
});
