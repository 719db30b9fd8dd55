import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/base/random.ts';
import { arrivals } from '../../../src/cli/demo/arrivals.ts';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 2, 2);

describe('the arrivals of a day', () => {
  const all = [...arrivals(20_000, START, 24 * HOUR, seededRandom(1))];

  it('are as many as asked for, in order, within the day', () => {
    expect(all).toHaveLength(20_000);
    expect(all.map(({ at }) => at)).toEqual(all.map(({ at }) => at).sort((a, b) => a - b));
    expect(all[0]?.at).toBeGreaterThanOrEqual(START);
    expect(all.at(-1)?.at).toBeLessThan(START + 24 * HOUR);
    expect(all.every(({ at }) => Number.isInteger(at))).toBe(true);
  });

  it('are four times as dense at noon as at midnight', () => {
    const within = (from: number, to: number): number =>
      all.filter(({ at }) => at >= START + from * HOUR && at < START + to * HOUR).length;
    const ratio = within(11.5, 12.5) / (within(0, 0.5) + within(23.5, 24));
    expect(ratio).toBeGreaterThan(3.7);
    expect(ratio).toBeLessThan(4.1);
  });

  it('carry the time of day as a wave', () => {
    expect(all[0]?.wave).toBeCloseTo(-1, 3);
    expect(Math.max(...all.map(({ wave }) => wave))).toBeCloseTo(1, 3);
  });
});

describe('arrivals', () => {
  it('keep within a period of any length, be it no whole number of minutes', () => {
    for (const duration of [1, 999, 90_500, 3 * HOUR + 1]) {
      const all = [...arrivals(500, START + 5 * HOUR, duration, seededRandom(2))].map(
        ({ at }) => at - START - 5 * HOUR,
      );
      expect(all).toHaveLength(500);
      expect(Math.min(...all)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...all)).toBeLessThan(duration);
    }
  });

  it('may be none', () => {
    expect([...arrivals(0, START, HOUR, seededRandom(1))]).toEqual([]);
  });
});
