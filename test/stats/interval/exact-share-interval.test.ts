import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Z_95 } from '../../../src/stats/interval/confidence-interval.ts';
import { exactShareInterval } from '../../../src/stats/interval/exact-share-interval.ts';
import { wilsonInterval } from '../../../src/stats/interval/wilson-interval.ts';

describe('the exact interval of a share', () => {
  it.each([
    // Known: 1 - (0.025)^(1/n) for none, and Clopper and Pearson's own tables.
    [0, 20, 0, 1 - 0.025 ** (1 / 20)],
    [20, 20, 0.025 ** (1 / 20), 1],
    [1, 1, 0.025, 1],
    [5, 10, 0.187086, 0.812914],
    [80, 100, 0.708157, 0.873344],
  ])('of %d of %d', (successes, n, lower, upper) => {
    const interval = exactShareInterval(successes, n, Z_95);
    expect(interval.lower).toBeCloseTo(lower, 6);
    expect(interval.upper).toBeCloseTo(upper, 6);
  });

  it('is near that of Wilson where there are many, and never turns inside out', () => {
    const exact = exactShareInterval(900_000, 1_000_000, 3.5);
    const wilson = wilsonInterval(900_000, 1_000_000, 3.5);
    expect(exact.lower).toBeCloseTo(wilson.lower, 5);
    expect(exact.upper).toBeCloseTo(wilson.upper, 5);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 1.96, max: 6, noNaN: true }),
        (n, share, z) => {
          const successes = Math.round(share * n);
          const { lower, upper } = exactShareInterval(successes, n, z);
          expect(lower).toBeGreaterThanOrEqual(0);
          expect(lower).toBeLessThanOrEqual(successes / n);
          expect(upper).toBeGreaterThanOrEqual(successes / n);
          expect(upper).toBeLessThanOrEqual(1);
        },
      ),
    );
  });

  it('is none of what is no share', () => {
    expect(() => exactShareInterval(2, 1, Z_95)).toThrow(RangeError);
    expect(() => exactShareInterval(0, 0, Z_95)).toThrow(RangeError);
  });
});
