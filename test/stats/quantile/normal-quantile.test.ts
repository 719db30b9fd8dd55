import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalSurvival } from '../../../src/stats/hypothesis/normal-survival.ts';
import { normalQuantile } from '../../../src/stats/quantile/normal-quantile.ts';
import { expectClose } from '../expect-computed.ts';

describe('normalQuantile', () => {
  // Computed with mpmath at 40 digits; on both sides of the limits between the three ranges.
  it.each([
    [1e-300, -37.0470962993612],
    [1e-20, -9.262340089798407],
    [1e-11, -6.706023155495136],
    [2e-11, -6.604077590405634],
    [1e-6, -4.753424308822899],
    [0.01, -2.326347874040841],
    [0.074, -1.4466320671589785],
    [0.076, -1.4325027208258116],
    [0.2, -0.8416212335729142],
    [0.55, 0.12566134685507416],
    [0.93, 1.475791028179171],
    [0.975, 1.9599639845400538],
    [0.999, 3.090232306167813],
  ])('is exact at %d', (probability, expected) => {
    expectClose(normalQuantile(probability), expected, 2e-15);
  });

  it('is 0 at one half and infinite at the ends', () => {
    expect(normalQuantile(0.5)).toBe(0);
    expect(normalQuantile(0)).toBe(Number.NEGATIVE_INFINITY);
    expect(normalQuantile(1)).toBe(Number.POSITIVE_INFINITY);
  });

  it('is the inverse of the survival function', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 37, noNaN: true }), (z) => {
        expect(Math.abs(-normalQuantile(normalSurvival(z)) - z)).toBeLessThan(1e-10);
      }),
    );
  });

  it.each([-1e-9, 1.000001, Number.NaN])('refuses %d', (probability) => {
    expect(() => normalQuantile(probability)).toThrow(RangeError);
  });
});
