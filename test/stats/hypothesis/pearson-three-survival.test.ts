import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalSurvival } from '../../../src/stats/hypothesis/normal-survival.ts';
import { pearsonThreeSurvival } from '../../../src/stats/hypothesis/pearson-three-survival.ts';
import { expectClose } from '../expect-computed.ts';

describe('pearsonThreeSurvival', () => {
  // Computed with mpmath at 50 digits from the incomplete gamma function.
  it.each([
    [-3, 0.0201, 0.9987663905526208],
    [3, 0.0201, 0.0014711098932737496],
    [5, 0.05, 7.400596196686378e-7],
    [-5, 0.05, 0.9999999088617386],
    [3, 0.3, 0.0035848962639456147],
    [3, 1, 0.010336050675925718],
    [-1.5, 1, 0.9810118431238462],
    [1.5, -1, 0.01898815687615381],
    [5, 2, 0.0024787521766663585],
    [5, 4.47, 0.007430884296496198],
    [0.1, 10, 0.08881946683360621],
    [30, 0.3, 1.46709851211475e-56],
    [-6, 0.1, 0.9999999999906843],
    [6, -0.1, 9.31564709230203e-12],
  ])('is exact at %d for a skewness of %d', (z, skewness, expected) => {
    expectClose(pearsonThreeSurvival(z, skewness), expected, 1e-10);
  });

  it.each([
    [3, 0.01, 0.001409595831583223],
    [3, 0.0199, 0.0014698800178398167],
    [3, 0, 0.0013498980316300946],
  ])('is exact to seven digits at %d for the small skewness %d', (z, skewness, expected) => {
    expectClose(pearsonThreeSurvival(z, skewness), expected, 1e-7);
  });

  it('goes over into the normal distribution without a step', () => {
    for (const z of [-6, -2, -1e-4, 0, 1e-4, 0.02, 2, 6]) {
      expect(pearsonThreeSurvival(z, 0)).toBe(normalSurvival(z));
      for (const skewness of [1e-4, 0.02, -1e-4, -0.02]) {
        const [below, above] = [skewness * (1 - 1e-9), skewness * (1 + 1e-9)];
        expectClose(pearsonThreeSurvival(z, above), pearsonThreeSurvival(z, below), 1e-7);
      }
      expectClose(pearsonThreeSurvival(z, 1e-12), normalSurvival(z), 1e-9);
    }
  });

  it('takes the mirrored distribution for a negative skewness', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -10, max: 10, noNaN: true }),
        fc.double({ min: -20, max: 20, noNaN: true }),
        (z, skewness) => {
          const both = pearsonThreeSurvival(z, skewness) + pearsonThreeSurvival(-z, -skewness);
          expect(Math.abs(both - 1)).toBeLessThan(1e-7);
        },
      ),
    );
  });

  it('is a probability that never rises with z', () => {
    const point = fc.double({ min: -40, max: 40, noNaN: true });
    fc.assert(
      fc.property(point, point, fc.double({ min: -50, max: 50, noNaN: true }), (x, y, skewness) => {
        const near = pearsonThreeSurvival(Math.min(x, y), skewness);
        const far = pearsonThreeSurvival(Math.max(x, y), skewness);
        expect(near).toBeLessThanOrEqual(1);
        expect(far).toBeGreaterThanOrEqual(0);
        expect(far).toBeLessThanOrEqual(near * (1 + 1e-9));
      }),
    );
  });

  it('is 1 and 0 beyond the end of the support', () => {
    expect(pearsonThreeSurvival(-2, 1)).toBe(1);
    expect(pearsonThreeSurvival(2, -1)).toBe(0);
    expect(pearsonThreeSurvival(Number.POSITIVE_INFINITY, 1)).toBe(0);
    expect(pearsonThreeSurvival(Number.NEGATIVE_INFINITY, 0)).toBe(1);
  });

  it.each([
    [Number.NaN, 0],
    [1, Number.NaN],
    [1, Number.POSITIVE_INFINITY],
  ])('refuses (%d, %d)', (z, skewness) => {
    expect(() => pearsonThreeSurvival(z, skewness)).toThrow(RangeError);
  });
});
