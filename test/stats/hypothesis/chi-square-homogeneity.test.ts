import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chiSquareHomogeneity } from '../../../src/stats/hypothesis/chi-square-homogeneity.ts';
import { categoricalCases } from '../conformance-cases.ts';
import { definedValue, expectClose, expectUndefined } from '../expect-computed.ts';
import { histogramPair } from '../histogram-arbitrary.ts';
import { categoryHistograms } from '../histograms.ts';

describe('chiSquareHomogeneity', () => {
  it.each(categoricalCases())('meets the reference values of $name', (mix) => {
    const { reference, current } = categoryHistograms(mix);
    const { statistic, degreesOfFreedom, pValue } = definedValue(chiSquareHomogeneity(reference, current));
    expectClose(statistic, mix.expected.chi2);
    expectClose(pValue, mix.expected.chi2_p_value);
    expect(degreesOfFreedom).toBe(mix.expected.dof);
  });

  it('has a statistic of at least 0 and a probability that is the same both ways', () => {
    fc.assert(
      fc.property(histogramPair, ({ reference, current }) => {
        const result = chiSquareHomogeneity(reference, current);
        const swapped = chiSquareHomogeneity(current, reference);
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
    expect(definedValue(chiSquareHomogeneity([1, 2, 7], [300, 600, 2100]))).toEqual({
      statistic: 0,
      degreesOfFreedom: 2,
      pValue: 1,
    });
  });

  it('leaves out a cell that neither sample hit', () => {
    expect(chiSquareHomogeneity([5, 0, 9], [7, 0, 3])).toEqual(chiSquareHomogeneity([5, 9], [7, 3]));
  });

  it('gives a reason when all values lie in one cell', () => {
    expectUndefined(chiSquareHomogeneity([0, 200], [0, 150]), /one cell/);
    expectUndefined(chiSquareHomogeneity([200], [150]), /one cell/);
  });

  it('gives a reason when either sample is empty', () => {
    expectUndefined(chiSquareHomogeneity([0, 0], [1, 2]), /reference has no values/);
    expectUndefined(chiSquareHomogeneity([1, 2], [0, 0]), /current sample has no values/);
  });

  it('alarms about as often as it promises on two samples of one distribution', () => {
    // 40 coin tosses against 40: the exact share of pairs with p < 0.05, summed over all outcomes.
    const ways = [1];
    for (let k = 1; k <= 40; k += 1) ways.push(((ways[k - 1] as number) * (41 - k)) / k);
    let alarms = 0;
    for (let a = 0; a <= 40; a += 1) {
      for (let b = 0; b <= 40; b += 1) {
        const result = chiSquareHomogeneity([a, 40 - a], [b, 40 - b]);
        const weight = ((ways[a] as number) / 2 ** 40) * ((ways[b] as number) / 2 ** 40);
        if (result.defined && result.value.pValue < 0.05) alarms += weight;
      }
    }
    expect(alarms).toBeGreaterThan(0.03);
    expect(alarms).toBeLessThan(0.07);
  });
});
