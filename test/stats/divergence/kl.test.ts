import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kl } from '../../../src/stats/divergence/kl.ts';
import { definedValue, expectClose, expectUndefined } from '../expect-computed.ts';
import { histogramPair } from '../histogram-arbitrary.ts';
import { binnedCases } from '../histograms.ts';

describe('kl', () => {
  it.each(binnedCases())('meets the reference value of %s', (_name, { reference, current }, expected) => {
    expectClose(definedValue(kl(reference, current)), expected.kl);
  });

  it('is exactly 0 between a histogram and itself', () => {
    fc.assert(
      fc.property(histogramPair, ({ reference }) => {
        expect(definedValue(kl(reference, reference))).toBe(0);
      }),
    );
  });

  it('is finite and never negative', () => {
    fc.assert(
      fc.property(histogramPair, ({ reference, current }) => {
        const value = definedValue(kl(reference, current));
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThan(Number.POSITIVE_INFINITY);
      }),
    );
  });

  it('weighs by the current shares, so that the order of the samples matters', () => {
    const forward = definedValue(kl([900, 90, 10], [800, 100, 100]));
    const backward = definedValue(kl([800, 100, 100], [900, 90, 10]));
    expect(forward).toBeGreaterThan(backward);
  });

  it('gives a reason when either sample is empty', () => {
    expectUndefined(kl([0, 0], [1, 2]), /reference has no values/);
    expectUndefined(kl([1, 2], [0, 0]), /current sample has no values/);
    expectUndefined(kl([], []), /no values/);
  });
});
