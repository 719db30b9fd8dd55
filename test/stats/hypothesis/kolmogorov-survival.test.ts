import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kolmogorovSurvival } from '../../../src/stats/hypothesis/kolmogorov-survival.ts';
import { expectClose } from '../expect-computed.ts';

describe('kolmogorovSurvival', () => {
  // Computed with mpmath at 50 digits.
  it.each([
    [0.2, 0.999999999999495],
    [0.3, 0.9999906941986654],
    [0.5, 0.9639452436648751],
    [0.7, 0.7112351950296892],
    [0.8199, 0.5121305961006336],
    [0.82, 0.5119717052984973],
    [0.8201, 0.5118128354122994],
    [1, 0.2699996716773545],
    [1.36, 0.04948587675537788],
    [1.63, 0.00984636488848653],
    [2, 0.0006709252557796953],
    [4, 2.532833109818835e-14],
    [10, 2.767793053473475e-87],
    [18.5, 1.0628136728909079e-297],
  ])('is exact at %d', (x, expected) => {
    expectClose(kolmogorovSurvival(x), expected, 1e-12);
  });

  it.each([0, Number.MIN_VALUE, 1e-160, 1e-9, 0.05, 0.1])('is 1 at %d', (x) => {
    expect(kolmogorovSurvival(x)).toBe(1);
  });

  it.each([25, 1e9, Number.MAX_VALUE, Number.POSITIVE_INFINITY])('is 0 at %d', (x) => {
    expect(kolmogorovSurvival(x)).toBe(0);
  });

  it('is a probability that never rises with x', () => {
    const point = fc.double({ min: 0, max: 30, noNaN: true });
    fc.assert(
      fc.property(point, point, (x, y) => {
        const [near, far] = [kolmogorovSurvival(Math.min(x, y)), kolmogorovSurvival(Math.max(x, y))];
        expect(near).toBeLessThanOrEqual(1);
        expect(far).toBeGreaterThanOrEqual(0);
        expect(far).toBeLessThanOrEqual(near * (1 + 1e-14));
      }),
    );
  });

  it.each([-1, Number.NaN])('refuses %d', (x) => {
    expect(() => kolmogorovSurvival(x)).toThrow(RangeError);
  });
});
