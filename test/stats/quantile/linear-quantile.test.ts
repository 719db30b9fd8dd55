import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linearQuantile } from '../../../src/stats/quantile/linear-quantile.ts';
import { numericCases } from '../conformance-cases.ts';
import { countInCells, DECILES, quantileEdges, sorted } from '../histograms.ts';

const sample = fc
  .array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 40 })
  .map(sorted);

describe('linearQuantile', () => {
  it.each(numericCases())('gives the decile edges of $name bit for bit', ({ reference, expected }) => {
    expect([...quantileEdges(reference, DECILES)]).toEqual(expected.decile_edges);
  });

  it.each(numericCases())(
    'gives edges under which $name falls into the reference counts',
    ({ reference, current, expected }) => {
      const edges = quantileEdges(reference, DECILES);
      expect(countInCells(reference, edges)).toEqual(expected.ref_counts);
      expect(countInCells(current, edges)).toEqual(expected.cur_counts);
    },
  );

  it('goes from the smallest value to the largest', () => {
    fc.assert(
      fc.property(sample, (values) => {
        // === rather than toBe: the sign of a zero does not matter.
        expect(linearQuantile(values, 0) === values[0]).toBe(true);
        expect(linearQuantile(values, 1) === values.at(-1)).toBe(true);
      }),
    );
  });

  it('stays finite and inside the sample, whatever the size of its numbers', () => {
    fc.assert(
      fc.property(sample, fc.double({ min: 0, max: 1, noNaN: true }), (values, q) => {
        const quantile = linearQuantile(values, q);
        expect(quantile).toBeGreaterThanOrEqual(values[0] as number);
        expect(quantile).toBeLessThanOrEqual(values.at(-1) as number);
      }),
    );
  });

  it('interpolates between neighbours', () => {
    expect(linearQuantile([1, 2, 3, 10], 0.5)).toBe(2.5);
    expect(linearQuantile([0, 10], 0.75)).toBe(7.5);
    expect(linearQuantile([4], 0.3)).toBe(4);
  });

  it.each([-0.1, 1.1, Number.NaN])('refuses a quantile at %d', (q) => {
    expect(() => linearQuantile([1, 2], q)).toThrow(RangeError);
  });

  it('refuses an empty sample', () => {
    expect(() => linearQuantile([], 0.5)).toThrow(RangeError);
  });
});
