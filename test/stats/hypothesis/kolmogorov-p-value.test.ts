import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kolmogorovPValue } from '../../../src/stats/hypothesis/kolmogorov-p-value.ts';
import { numericCases } from '../conformance-cases.ts';
import { expectClose } from '../expect-computed.ts';
import { expectSameVerdict } from '../expect-same-verdict.ts';

describe('kolmogorovPValue', () => {
  it.each(numericCases())('agrees with the reference about $name', ({ reference, current, expected }) => {
    const pValue = kolmogorovPValue(expected.ks, reference.length, current.length);
    expectSameVerdict(pValue, expected.ks_p_value);
  });

  it('is the Kolmogorov distribution at the effective sample size', () => {
    // 400 and 400 make 200; 0.1 sqrt(200) = sqrt(2); value computed with mpmath.
    expectClose(kolmogorovPValue(0.1, 400, 400), 0.03663105270711939, 1e-12);
  });

  it('is a probability, the same for either order of the samples', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 1, max: 1e12 }),
        fc.integer({ min: 1, max: 1e12 }),
        (statistic, n, m) => {
          const pValue = kolmogorovPValue(statistic, n, m);
          expect(pValue).toBeGreaterThanOrEqual(0);
          expect(pValue).toBeLessThanOrEqual(1);
          // Far out in the tail the last bit of the size is magnified.
          expect(Math.abs(pValue - kolmogorovPValue(statistic, m, n))).toBeLessThan(1e-12);
        },
      ),
    );
  });

  it('is 1 for a statistic of 0 and 0 for samples of millions that do not overlap', () => {
    expect(kolmogorovPValue(0, 5, 5)).toBe(1);
    expect(kolmogorovPValue(1, 1e7, 1e7)).toBe(0);
  });

  it.each([
    [-0.1, 10, 10],
    [1.1, 10, 10],
    [Number.NaN, 10, 10],
    [0.5, 0, 10],
    [0.5, 10, 0],
  ])('refuses (%d, %d, %d), which no test has', (statistic, n, m) => {
    expect(() => kolmogorovPValue(statistic, n, m)).toThrow(RangeError);
  });
});
