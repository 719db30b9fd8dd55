import { describe, expect, it } from 'vitest';
import { normalSurvival } from '../../../src/stats/hypothesis/normal-survival.ts';
import { expectClose } from '../expect-computed.ts';

describe('normalSurvival', () => {
  // Computed with mpmath at 50 digits.
  it.each([
    [0, 0.5],
    [1, 0.15865525393145705],
    [-1, 0.8413447460685429],
    [2.5, 0.006209665325776135],
    [-2.5, 0.9937903346742238],
    [8, 6.220960574271784e-16],
    [-8, 0.9999999999999993],
    [20, 2.7536241186062337e-89],
    [37, 5.725571222524577e-300],
  ])('is exact at %d', (z, expected) => {
    expectClose(normalSurvival(z), expected, 1e-11);
  });

  it('is 0 and 1 at the ends', () => {
    expect(normalSurvival(Number.POSITIVE_INFINITY)).toBe(0);
    expect(normalSurvival(Number.NEGATIVE_INFINITY)).toBe(1);
  });

  it('refuses what is no number', () => {
    expect(() => normalSurvival(Number.NaN)).toThrow(RangeError);
  });
});
