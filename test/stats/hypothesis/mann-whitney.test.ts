import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/base/random.ts';
import { fisherExact } from '../../../src/stats/hypothesis/fisher-exact.ts';
import { mannWhitneyFromCells } from '../../../src/stats/hypothesis/mann-whitney.ts';
import { AWKWARD_SHAPES, pairsWithoutDrift } from '../draw-histogram.ts';
import { definedValue, expectClose, expectUndefined } from '../expect-computed.ts';
import { histogramPair } from '../histogram-arbitrary.ts';

const ones = (length: number): number[] => new Array<number>(length).fill(1);
const zeros = (length: number): number[] => new Array<number>(length).fill(0);

describe('mannWhitneyFromCells', () => {
  it('is the share of pairs in which the current value is the larger, ties counting half', () => {
    // Of 4 x 3 pairs the current value is larger in 5 and equal in 5.
    expectClose(definedValue(mannWhitneyFromCells([1, 2, 1], [0, 2, 1])).value, 7.5 / 12, 1e-12);
    expect(definedValue(mannWhitneyFromCells([3, 0], [0, 5])).value).toBe(1);
    expect(definedValue(mannWhitneyFromCells([0, 3], [5, 0])).value).toBe(0);
  });

  it('has the tabulated limit at 0.05 for two samples of twenty, which is U = 127', () => {
    // All of the reference below the current sample; each swap of neighbours takes away one pair of 400.
    const atU = (u: number) => {
      const sides = [...new Array<string>(20).fill('r'), ...new Array<string>(20).fill('c')];
      for (let lost = 0; lost < u; lost += 1) {
        const position = sides.findIndex((side, i) => side === 'c' && sides[i - 1] === 'r');
        sides.splice(position - 1, 2, 'c', 'r');
      }
      const only = (wanted: string) => sides.map((side) => (side === wanted ? 1 : 0));
      return definedValue(mannWhitneyFromCells(only('r'), only('c')));
    };
    expectClose(atU(127).value, 1 - 127 / 400, 1e-12);
    expect(atU(127).pValue).toBeLessThan(0.05);
    expect(atU(128).pValue).toBeGreaterThan(0.05);
  });

  it('does not take one rare value in a small window for news', () => {
    // 0 in 99.9 % of 5 000 and one other value in 50: that happens in every twentieth window.
    expectClose(definedValue(mannWhitneyFromCells([4995, 5], [49, 1])).pValue, 0.11, 0.05);
    const spread = mannWhitneyFromCells([4995, ...ones(5), 0], [49, ...zeros(5), 1]);
    expectClose(definedValue(spread).pValue, 0.11, 0.05);
  });

  it.each([
    [5000, 50],
    [5000, 200],
    [5000, 5000],
    [200, 5000],
    [50, 50],
  ])('is never far below the exact p-value of two values, with samples of %d and %d', (n, m) => {
    for (const marked of [1, 2, 3, 5, 10, 30, 100, 1000]) {
      for (let count = Math.max(0, marked - n); count <= Math.min(marked, m); count += 1) {
        const exact = fisherExact(count, m, marked - count, n);
        if (exact < 1e-6) continue;
        const test = mannWhitneyFromCells([n - marked + count, marked - count], [m - count, count]);
        if (test.defined) expect(test.value.pValue).toBeGreaterThan(0.85 * exact);
      }
    }
  });

  it.each(Object.entries(AWKWARD_SHAPES))('keeps its level without drift for %s', (_, weights) => {
    const random = seededRandom(11);
    let alarms = 0;
    let pairs = 0;
    for (const sizes of [[5000, 50] as const, [5000, 1000] as const, [300, 2000] as const]) {
      for (const { reference, current } of pairsWithoutDrift(700, sizes, weights, random)) {
        const test = mannWhitneyFromCells(reference, current);
        pairs += 1;
        if (test.defined && test.value.pValue < 0.01) alarms += 1;
      }
    }
    // Three standard deviations of a binomial count above the level.
    expect(alarms).toBeLessThanOrEqual(0.01 * pairs + 3 * Math.sqrt(0.01 * pairs));
  });

  it('turns around with the order of values, and with the samples swapped', () => {
    fc.assert(
      fc.property(histogramPair, ({ reference, current }) => {
        const test = mannWhitneyFromCells(reference, current);
        if (!test.defined) return;
        const { value, pValue } = test.value;
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1);
        const swapped = definedValue(mannWhitneyFromCells(current, reference));
        const reversed = definedValue(mannWhitneyFromCells(reference.toReversed(), current.toReversed()));
        for (const other of [swapped, reversed]) {
          expect(Math.abs(value + other.value - 1)).toBeLessThan(1e-12);
          expect(Math.abs(pValue - other.pValue)).toBeLessThan(1e-4 * pValue + 1e-12);
        }
      }),
    );
  });

  it('sees nothing between equal proportions and everything between separate ones', () => {
    const none = definedValue(mannWhitneyFromCells([1, 2, 7], [100, 200, 700]));
    expectClose(none.value, 0.5, 1e-12);
    expect(none.pValue).toBe(1);
    expect(definedValue(mannWhitneyFromCells([1e9, 0], [0, 1e9])).pValue).toBe(0);
  });

  it('finds a shift that is small beside the spread, in large samples', () => {
    const shifted = mannWhitneyFromCells([1e6, 1e6, 1e6], [0.99e6, 1e6, 1.01e6]);
    expect(definedValue(shifted).pValue).toBeLessThan(1e-20);
  });

  it('gives a reason when there is nothing to test', () => {
    expectUndefined(mannWhitneyFromCells([0, 0], [1, 2]), /reference has no values/);
    expectUndefined(mannWhitneyFromCells([1, 2], [0, 0]), /current sample has no values/);
    expectUndefined(mannWhitneyFromCells([0, 8, 0], [0, 9, 0]), /one cell/);
  });
});
