import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { psi } from '../../../src/stats/divergence/psi.ts';
import { definedValue, expectClose, expectUndefined } from '../expect-computed.ts';
import { histogramPair } from '../histogram-arbitrary.ts';
import { binnedCases } from '../histograms.ts';

describe('psi', () => {
  it.each(binnedCases())('meets the reference value of %s', (_name, { reference, current }, expected) => {
    expectClose(definedValue(psi(reference, current)), expected.psi);
  });

  it('is exactly 0 between a histogram and itself', () => {
    fc.assert(
      fc.property(histogramPair, ({ reference }) => {
        expect(definedValue(psi(reference, reference))).toBe(0);
      }),
    );
  });

  it('is finite, never negative, and the same both ways', () => {
    fc.assert(
      fc.property(histogramPair, ({ reference, current }) => {
        const value = definedValue(psi(reference, current));
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThan(Number.POSITIVE_INFINITY);
        expectClose(definedValue(psi(current, reference)), value, 1e-12);
      }),
      { examples: [[{ reference: [999905, 0], current: [999802, 0] }]] },
    );
  });

  it('stays finite when a category is new, and when one is gone', () => {
    expect(definedValue(psi([10, 0], [5, 5]))).toBeGreaterThan(0.5);
    expect(definedValue(psi([5, 5], [10, 0]))).toBeGreaterThan(0.5);
  });

  it('gives a reason when either sample is empty', () => {
    expectUndefined(psi([0, 0], [1, 2]), /reference has no values/);
    expectUndefined(psi([1, 2], [0, 0]), /current sample has no values/);
    expectUndefined(psi([], []), /no values/);
  });
});
