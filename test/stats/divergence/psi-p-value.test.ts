import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/base/random.ts';
import { psi } from '../../../src/stats/divergence/psi.ts';
import { psiPValue } from '../../../src/stats/divergence/psi-p-value.ts';
import { pairsWithoutDrift } from '../draw-histogram.ts';
import { definedValue, expectClose } from '../expect-computed.ts';

describe('psiPValue', () => {
  it('is a chi-square tail with one degree of freedom less than there are cells', () => {
    // The 5 % limit with 9 degrees of freedom is 16.918977604620448.
    expectClose(psiPValue(16.918977604620448 * (1 / 1000 + 1 / 500), 10, 1000, 500), 0.05, 1e-9);
    // With 2 degrees the tail is exp(-x / 2).
    expectClose(psiPValue(0.02, 3, 400, 400), Math.exp(-2), 1e-9);
  });

  it.each([
    [5000, 200],
    [5000, 1000],
    [5000, 5000],
    [1000, 1000],
  ])('keeps its level without drift over deciles of samples of %d and %d', (n, m) => {
    const random = seededRandom(31);
    let alarms = 0;
    for (const { reference, current } of pairsWithoutDrift(2000, [n, m], new Array(10).fill(1), random)) {
      if (psiPValue(definedValue(psi(reference, current)), 10, n, m) < 0.01) alarms += 1;
    }
    // Three standard deviations of a binomial count above the level.
    expect(alarms).toBeLessThanOrEqual(20 + 3 * Math.sqrt(20));
    expect(alarms).toBeGreaterThan(4);
  });

  it('is 1 for no difference and for a single cell, and 0 for samples of millions that do not overlap', () => {
    expect(psiPValue(0, 10, 50, 50)).toBe(1);
    expect(psiPValue(-1e-18, 10, 50, 50)).toBe(1);
    expect(psiPValue(0, 1, 50, 50)).toBe(1);
    expect(psiPValue(10, 10, 1e7, 1e7)).toBe(0);
  });

  it.each([
    [Number.NaN, 10, 10, 10],
    [0.1, 0, 10, 10],
    [0.1, 10, 0, 10],
    [0.1, 10, 10, 0],
  ])('refuses (%d, %d, %d, %d), which no psi has', (value, cells, n, m) => {
    expect(() => psiPValue(value, cells, n, m)).toThrow(RangeError);
  });
});
