import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/base/random.ts';
import { binomialDraw } from '../../../src/stats/sampling/binomial-draw.ts';

/** Distribution function by adding up probabilities. */
function binomialDistribution(trials: number, p: number): number[] {
  let log = trials * Math.log1p(-p);
  let sum = 0;
  return Array.from({ length: trials + 1 }, (_, k) => {
    sum += Math.exp(log);
    log += Math.log((trials - k) / (k + 1)) + Math.log(p / (1 - p));
    return sum;
  });
}

describe('binomialDraw', () => {
  it.each([
    [1, 0.3],
    [10, 0.5],
    [5000, 0.0002],
    [50, 0.97],
    [5000, 0.0059],
    [100, 0.31],
    [5000, 0.01],
    [200, 0.8],
    [100_000, 0.5],
  ])('of %d trials at %d has the distribution function of the binomial', (trials, p) => {
    const random = seededRandom(17);
    const draws = 40_000;
    const counts = new Map<number, number>();
    for (let i = 0; i < draws; i += 1) {
      const count = binomialDraw(trials, p, random);
      counts.set(count, (counts.get(count) ?? 0) + 1);
    }
    let below = 0;
    let largest = 0;
    binomialDistribution(trials, p).forEach((expected, k) => {
      below += counts.get(k) ?? 0;
      largest = Math.max(largest, Math.abs(below / draws - expected));
    });
    // 1.95 / sqrt(draws) is passed by one sample in a thousand.
    expect(largest).toBeLessThan(0.0098);
  });

  it('stays within its range and takes one number at most', () => {
    fc.assert(
      fc.property(
        fc.nat(1e9),
        fc.double({ min: -0.5, max: 1.5, noNaN: true }),
        fc.nat(),
        (trials, p, seed) => {
          let calls = 0;
          const random = seededRandom(seed);
          const count = binomialDraw(trials, p, () => {
            calls += 1;
            return random();
          });
          expect(Number.isInteger(count)).toBe(true);
          expect(count).toBeGreaterThanOrEqual(0);
          expect(count).toBeLessThanOrEqual(trials);
          expect(calls).toBeLessThanOrEqual(1);
        },
      ),
    );
  });

  it('is finite at both ends of the random numbers', () => {
    for (const trials of [10, 1000, 1e9]) {
      expect(binomialDraw(trials, 0.3, () => 0)).toBeLessThan(0.3 * trials);
      expect(binomialDraw(trials, 0.3, () => 1 - 2 ** -32)).toBeGreaterThan(0.3 * trials);
      expect(binomialDraw(trials, 0.3, () => 1 - 2 ** -53)).toBeLessThanOrEqual(trials);
    }
  });

  it('does not draw where nothing is left to chance', () => {
    const never = () => {
      throw new Error('drew a number');
    };
    expect(binomialDraw(0, 0.5, never)).toBe(0);
    expect(binomialDraw(9, 0, never)).toBe(0);
    expect(binomialDraw(9, 1, never)).toBe(9);
  });
});
