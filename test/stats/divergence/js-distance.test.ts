import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsDistance } from '../../../src/stats/divergence/js-distance.ts';
import { definedValue, expectClose, expectUndefined } from '../expect-computed.ts';
import { histogramPair } from '../histogram-arbitrary.ts';
import { binnedCases } from '../histograms.ts';

describe('jsDistance', () => {
  it.each(binnedCases())('meets the reference value of %s', (_name, { reference, current }, expected) => {
    expectClose(definedValue(jsDistance(reference, current)), expected.js_distance);
  });

  it('is exactly 0 between a histogram and itself', () => {
    fc.assert(
      fc.property(histogramPair, ({ reference }) => {
        expect(definedValue(jsDistance(reference, reference))).toBe(0);
      }),
    );
  });

  it('lies between 0 and 1 and is the same both ways', () => {
    fc.assert(
      fc.property(histogramPair, ({ reference, current }) => {
        const value = definedValue(jsDistance(reference, current));
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1);
        expect(definedValue(jsDistance(current, reference))).toBe(value);
      }),
    );
  });

  it('is 0 for equal shares in samples of different sizes', () => {
    expect(definedValue(jsDistance([1, 2, 7], [300, 600, 2100]))).toBe(0);
  });

  it('is 1 when the samples share no cell', () => {
    expectClose(definedValue(jsDistance([3, 4, 0], [0, 0, 9])), 1);
  });

  it('gives a reason when either sample is empty', () => {
    expectUndefined(jsDistance([0, 0], [1, 2]), /reference has no values/);
    expectUndefined(jsDistance([1, 2], [0, 0]), /current sample has no values/);
    expectUndefined(jsDistance([], []), /no values/);
  });
});
