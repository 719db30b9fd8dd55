import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { largestCohensH } from '../../../src/stats/distance/cohens-h.ts';
import { expectClose, expectUndefined } from '../expect-computed.ts';

function h(reference: number[], current: number[]): number {
  const result = largestCohensH(reference, current);
  return result.defined ? result.value : Number.NaN;
}

describe('largestCohensH', () => {
  it('is that of the category whose share changed most on the scale of the arcsine', () => {
    expectClose(h([99, 1], [96, 4]), 2 * (Math.asin(0.2) - Math.asin(0.1)));
    expectClose(h([50, 50], [60, 40]), 2 * (Math.asin(Math.sqrt(0.6)) - Math.asin(Math.sqrt(0.5))));
    // Three categories: the small one decides.
    expectClose(h([500, 490, 10], [490, 470, 40]), 2 * (Math.asin(0.2) - Math.asin(0.1)));
  });

  it('is 0 for equal shares and pi when everything moves', () => {
    expect(h([3, 1], [300, 100])).toBe(0);
    expectClose(h([5, 0], [0, 7]), Math.PI);
  });

  it('is the same in both directions, and finite', () => {
    const counts = fc.array(fc.nat(1000), { minLength: 3, maxLength: 3 }).filter(([a]) => (a ?? 0) > 0);
    fc.assert(
      fc.property(counts, counts, (a, b) => {
        expect(h(a, b)).toBeCloseTo(h(b, a), 12);
        expect(h(a, b)).toBeLessThanOrEqual(Math.PI + 1e-12);
      }),
    );
  });

  it('needs both samples', () => {
    expectUndefined(largestCohensH([0, 0], [1, 2]), /./);
  });
});
