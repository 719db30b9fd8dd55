import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hellinger } from '../../../src/stats/divergence/hellinger.ts';
import { definedValue, expectClose, expectUndefined } from '../expect-computed.ts';
import { histogramPair } from '../histogram-arbitrary.ts';
import { binnedCases } from '../histograms.ts';

describe('hellinger', () => {
  it.each(binnedCases())('meets the reference value of %s', (_name, { reference, current }, expected) => {
    expectClose(definedValue(hellinger(reference, current)), expected.hellinger);
  });

  it('is exactly 0 between a histogram and itself', () => {
    fc.assert(
      fc.property(histogramPair, ({ reference }) => {
        expect(definedValue(hellinger(reference, reference))).toBe(0);
      }),
    );
  });

  it('lies between 0 and 1 and is the same both ways', () => {
    fc.assert(
      fc.property(histogramPair, ({ reference, current }) => {
        const value = definedValue(hellinger(reference, current));
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1);
        expect(definedValue(hellinger(current, reference))).toBe(value);
      }),
    );
  });

  it('is 0 for equal shares in samples of different sizes', () => {
    expect(definedValue(hellinger([1, 2, 7], [300, 600, 2100]))).toBe(0);
  });

  it('is 1 when the samples share no cell', () => {
    expectClose(definedValue(hellinger([3, 4, 0], [0, 0, 9])), 1);
  });

  it('gives a reason when either sample is empty', () => {
    expectUndefined(hellinger([0, 0], [1, 2]), /reference has no values/);
    expectUndefined(hellinger([1, 2], [0, 0]), /current sample has no values/);
    expectUndefined(hellinger([], []), /no values/);
  });
});
