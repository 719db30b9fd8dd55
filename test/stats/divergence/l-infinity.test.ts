import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lInfinity } from '../../../src/stats/divergence/l-infinity.ts';
import { definedValue, expectClose, expectUndefined } from '../expect-computed.ts';
import { histogramPair } from '../histogram-arbitrary.ts';
import { binnedCases } from '../histograms.ts';

describe('lInfinity', () => {
  it.each(binnedCases())('meets the reference value of %s', (_name, { reference, current }, expected) => {
    expectClose(definedValue(lInfinity(reference, current)), expected.l_infinity);
  });

  it('is exactly 0 between a histogram and itself', () => {
    fc.assert(
      fc.property(histogramPair, ({ reference }) => {
        expect(definedValue(lInfinity(reference, reference))).toBe(0);
      }),
    );
  });

  it('lies between 0 and 1 and is the same both ways', () => {
    fc.assert(
      fc.property(histogramPair, ({ reference, current }) => {
        const value = definedValue(lInfinity(reference, current));
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1);
        expect(definedValue(lInfinity(current, reference))).toBe(value);
      }),
    );
  });

  it('is 0 for equal shares in samples of different sizes', () => {
    expect(definedValue(lInfinity([1, 2, 7], [300, 600, 2100]))).toBe(0);
  });

  it('is the change of the most changed cell', () => {
    expectClose(definedValue(lInfinity([50, 30, 20], [30, 30, 40])), 0.2);
  });

  it('gives a reason when either sample is empty', () => {
    expectUndefined(lInfinity([0, 0], [1, 2]), /reference has no values/);
    expectUndefined(lInfinity([1, 2], [0, 0]), /current sample has no values/);
    expectUndefined(lInfinity([], []), /no values/);
  });
});
