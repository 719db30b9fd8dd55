import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chiSquareHomogeneity } from '../../../src/stats/hypothesis/chi-square-homogeneity.ts';
import { gTest } from '../../../src/stats/hypothesis/g-test.ts';
import { categoricalCases } from '../conformance-cases.ts';
import { definedValue, expectClose, expectUndefined } from '../expect-computed.ts';
import { histogramPair } from '../histogram-arbitrary.ts';
import { categoryHistograms } from '../histograms.ts';

describe('gTest', () => {
  it.each(categoricalCases())('meets the reference value of $name', (mix) => {
    const { reference, current } = categoryHistograms(mix);
    const { statistic, degreesOfFreedom } = definedValue(gTest(reference, current));
    expectClose(statistic, mix.expected.g_test);
    expect(degreesOfFreedom).toBe(mix.expected.dof);
  });

  it('has a statistic of at least 0 and a probability that is the same both ways', () => {
    fc.assert(
      fc.property(histogramPair, ({ reference, current }) => {
        const result = gTest(reference, current);
        const swapped = gTest(current, reference);
        if (!result.defined) {
          expect(swapped).toEqual(result);
          return;
        }
        const { statistic, degreesOfFreedom, pValue } = result.value;
        expect(statistic).toBeGreaterThanOrEqual(0);
        expect(statistic).toBeLessThan(Number.POSITIVE_INFINITY);
        expect(degreesOfFreedom).toBeGreaterThanOrEqual(1);
        expect(pValue).toBeGreaterThanOrEqual(0);
        expect(pValue).toBeLessThanOrEqual(1);
        expect(Math.abs(definedValue(swapped).statistic - statistic)).toBeLessThanOrEqual(
          1e-9 * (1 + statistic),
        );
      }),
    );
  });

  it('finds nothing between samples in equal proportions', () => {
    expect(definedValue(gTest([1, 2, 7], [300, 600, 2100]))).toEqual({
      statistic: 0,
      degreesOfFreedom: 2,
      pValue: 1,
    });
  });

  it('leaves out a cell that neither sample hit', () => {
    expect(gTest([5, 0, 9], [7, 0, 3])).toEqual(gTest([5, 9], [7, 3]));
  });

  it('gives a reason when all values lie in one cell', () => {
    expectUndefined(gTest([0, 200], [0, 150]), /one cell/);
    expectUndefined(gTest([200], [150]), /one cell/);
  });

  it('gives a reason when either sample is empty', () => {
    expectUndefined(gTest([0, 0], [1, 2]), /reference has no values/);
    expectUndefined(gTest([1, 2], [0, 0]), /current sample has no values/);
  });

  it('is close to chi-square for a small shift in large samples', () => {
    const g = definedValue(gTest([50_000, 50_000], [50_400, 49_600]));
    const chiSquare = definedValue(chiSquareHomogeneity([50_000, 50_000], [50_400, 49_600]));
    expectClose(g.statistic, chiSquare.statistic, 1e-3);
    expectClose(g.pValue, chiSquare.pValue, 1e-3);
  });
});
