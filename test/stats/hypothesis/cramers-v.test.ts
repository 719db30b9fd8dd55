import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cramersV } from '../../../src/stats/hypothesis/cramers-v.ts';
import { categoricalCases } from '../conformance-cases.ts';
import { definedValue, expectClose, expectUndefined } from '../expect-computed.ts';
import { histogramPair } from '../histogram-arbitrary.ts';
import { categoryHistograms } from '../histograms.ts';

describe('cramersV', () => {
  it.each(categoricalCases())('meets the reference value of $name', (mix) => {
    const { reference, current } = categoryHistograms(mix);
    expectClose(definedValue(cramersV(reference, current)), mix.expected.cramers_v);
  });

  it('lies between 0 and 1', () => {
    fc.assert(
      fc.property(histogramPair, ({ reference, current }) => {
        const result = cramersV(reference, current);
        if (!result.defined) return;
        expect(result.value).toBeGreaterThanOrEqual(0);
        expect(result.value).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('does not grow with the number of values', () => {
    expectClose(
      definedValue(cramersV([5000, 3000], [4000, 4000])),
      definedValue(cramersV([50, 30], [40, 40])),
      1e-12,
    );
  });

  it('is 0 for equal shares and 1 for samples in separate cells', () => {
    expect(definedValue(cramersV([1, 2, 7], [100, 200, 700]))).toBe(0);
    expectClose(definedValue(cramersV([3, 4, 0], [0, 0, 9])), 1);
  });

  it('gives a reason when there is nothing to compare', () => {
    expectUndefined(cramersV([5, 0], [7, 0]), /one cell/);
    expectUndefined(cramersV([0, 0], [7, 1]), /reference has no values/);
  });
});
