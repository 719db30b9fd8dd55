import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantileFromCells } from '../../../src/stats/quantile/quantile-from-cells.ts';
import { numericCases } from '../conformance-cases.ts';
import { definedValue, expectUndefined } from '../expect-computed.ts';
import { countInCells, quantileEdges, sorted } from '../histograms.ts';

const shares = Array.from({ length: 501 }, (_, i) => i / 500);

/** Quantiles of a sample on a grid of edges. */
function gridQuantile(sample: readonly number[], edges: Float64Array, q: number): number {
  const counts = countInCells(sample, edges);
  return definedValue(quantileFromCells(edges, counts, Math.min(...sample), Math.max(...sample), q));
}

const finiteSample = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), {
  minLength: 1,
  maxLength: 50,
});
const someEdges = fc
  .uniqueArray(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 20 })
  .map(sorted);

describe('quantileFromCells', () => {
  it.each(numericCases())('lies in the cell of the exact quantile of $name', ({ reference, current }) => {
    const edges = quantileEdges(reference, shares);
    const ascending = sorted(current);
    for (const q of [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99]) {
      const exact = ascending[Math.ceil(q * current.length) - 1] as number;
      const right = edges.findIndex((edge) => edge >= exact);
      const value = gridQuantile(current, edges, q);
      expect(value).toBeGreaterThanOrEqual(
        edges[(right < 0 ? edges.length : right) - 1] ?? Number.NEGATIVE_INFINITY,
      );
      expect(value).toBeLessThanOrEqual(edges[right] ?? Number.POSITIVE_INFINITY);
    }
  });

  it('goes from the minimum to the maximum and never leaves them', () => {
    fc.assert(
      fc.property(finiteSample, someEdges, fc.double({ min: 0, max: 1, noNaN: true }), (sample, edges, q) => {
        const [min, max] = [Math.min(...sample), Math.max(...sample)];
        expect(gridQuantile(sample, edges, 0) === min).toBe(true);
        expect(gridQuantile(sample, edges, 1) === max).toBe(true);
        const value = gridQuantile(sample, edges, q);
        expect(value).toBeGreaterThanOrEqual(min);
        expect(value).toBeLessThanOrEqual(max);
      }),
    );
  });

  it('never falls as the share rises', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(100), { minLength: 1, maxLength: 50 }), (sample) => {
        const edges = Float64Array.of(10, 20, 30, 60, 90);
        let last = Number.NEGATIVE_INFINITY;
        for (let q = 0; q <= 1; q += 0.05) {
          const value = gridQuantile(sample, edges, q);
          expect(value).toBeGreaterThanOrEqual(last - 1e-9);
          last = value;
        }
      }),
    );
  });

  it('spreads the values of a cell evenly', () => {
    const edges = Float64Array.of(0, 10, 20);
    expect(definedValue(quantileFromCells(edges, [0, 10, 10, 0], 0, 20, 0.25))).toBe(5);
    expect(definedValue(quantileFromCells(edges, [0, 10, 10, 0], 0, 20, 0.5))).toBe(10);
    expect(definedValue(quantileFromCells(edges, [0, 10, 10, 0], 0, 20, 0.75))).toBe(15);
  });

  it('gives the value of a constant, wherever it lies in its cell', () => {
    for (const constant of [-5, 3, 10, 99]) {
      expect(gridQuantile([constant, constant], Float64Array.of(0, 10, 20), 0.5)).toBe(constant);
    }
  });

  it('gives a reason for an empty histogram', () => {
    const [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    expectUndefined(quantileFromCells([0, 1], [0, 0, 0], min, max, 0.5), /no values/);
    expectUndefined(quantileFromCells([0, 1], [0, 2, 0], min, max, 0.5), /not known/);
  });

  it('refuses counts that do not fit the edges, and a share outside 0 to 1', () => {
    expect(() => quantileFromCells([0, 1], [1, 1], 0, 1, 0.5)).toThrow(RangeError);
    expect(() => quantileFromCells([0, 1], [1, 1, 1], 0, 1, 2)).toThrow(RangeError);
  });
});
