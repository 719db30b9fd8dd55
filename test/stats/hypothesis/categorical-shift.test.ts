import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/base/random.ts';
import { categoricalShift } from '../../../src/stats/hypothesis/categorical-shift.ts';
import { chiSquareHomogeneity } from '../../../src/stats/hypothesis/chi-square-homogeneity.ts';
import { fisherExact } from '../../../src/stats/hypothesis/fisher-exact.ts';
import { pairsWithoutDrift } from '../draw-histogram.ts';
import { definedValue, expectClose, expectUndefined } from '../expect-computed.ts';
import { histogramPair } from '../histogram-arbitrary.ts';

const repeated = (count: number, times: number): number[] => new Array<number>(times).fill(count);
const byRank = (length: number): number[] => Array.from({ length }, (_, i) => 1 / (i + 1));

describe('categoricalShift', () => {
  it('is twice the p-value of the stronger test', () => {
    const [reference, current] = [
      [500, 300, 200],
      [300, 300, 400],
    ] as const;
    const single = 3 * fisherExact(400, 1000, 200, 1000);
    const together = definedValue(chiSquareHomogeneity(reference, current)).pValue;
    const { pValue, pooled, method } = definedValue(categoricalShift(reference, current));
    expectClose(pValue, 2 * Math.min(single, together), 1e-9);
    expect(pooled).toBe(0);
    expect(method).toBe('chi-square over 3 cells and exact test of the strongest of 3 categories');
  });

  it('finds a new category that has all its twenty occurrences in the window', () => {
    const { pValue } = definedValue(categoricalShift([3000, 2000, 0], [590, 390, 20]));
    expect(pValue).toBeLessThan(1e-13);
    const amongMany = categoricalShift([...repeated(50, 100), 0], [...repeated(10, 98), 0, 0, 20]);
    expect(definedValue(amongMany).pValue).toBeLessThan(1e-9);
  });

  it('finds a category that vanished', () => {
    const { pValue } = definedValue(categoricalShift([4800, 100, 100], [980, 20, 0]));
    expect(pValue).toBeLessThan(1e-6);
  });

  it('finds a small change of all categories, of which none stands out', () => {
    const reference = repeated(1000, 40);
    const current = reference.map((count, i) => count + (i % 2 === 0 ? 80 : -80));
    const { pValue } = definedValue(categoricalShift(reference, current));
    expect(pValue).toBeLessThan(1e-6);
    expect(fisherExact(1080, 40_000, 1000, 40_000) * 40).toBeGreaterThan(0.1);
  });

  it('does not take single occurrences for news, however many of them there are', () => {
    // Two thousand identifiers, each once in one of the samples.
    const identifiers = categoricalShift(
      [...repeated(1, 1000), ...repeated(0, 1000)],
      [...repeated(0, 1000), ...repeated(1, 1000)],
    );
    expect(definedValue(identifiers)).toEqual({
      pValue: 1,
      pooled: 2000,
      method: 'exact test of the strongest of 2000 categories',
    });
    // As many new ones as old ones vanished, in proportion.
    const turnover = categoricalShift(
      [4000, ...repeated(1, 1000), ...repeated(0, 200)],
      [800, ...repeated(0, 1000), ...repeated(1, 200)],
    );
    expect(definedValue(turnover).pValue).toBe(1);
  });

  it('is the exact test alone when there are two categories', () => {
    const { pValue, method } = definedValue(categoricalShift([4995, 0, 5], [49, 0, 1]));
    expectClose(pValue, fisherExact(1, 50, 5, 5000), 1e-12);
    expect(method).toBe("Fisher's exact test");
  });

  it('says how many sparse categories it pooled', () => {
    const { pooled, method } = definedValue(
      categoricalShift([500, 480, 40, 30, 20, 0], [50, 40, 5, 3, 1, 1]),
    );
    expect(pooled).toBe(4);
    expect(method).toMatch(
      /^chi-square over 3 cells \(4 sparse categories pooled\) and exact test .* 6 categories$/,
    );
  });

  it.each([
    ['three equal categories', repeated(1, 3)],
    ['fifty equal categories', repeated(1, 50)],
    ['fifty categories by rank', byRank(50)],
    ['two hundred categories by rank', byRank(200)],
    ['one category of 98 % and four rare ones', [98, 0.5, 0.5, 0.5, 0.5]],
  ])('keeps its level without drift for %s', (_, weights) => {
    const random = seededRandom(21);
    let alarms = 0;
    let pairs = 0;
    for (const sizes of [[5000, 50] as const, [5000, 500] as const, [5000, 5000] as const]) {
      for (const { reference, current } of pairsWithoutDrift(500, sizes, weights, random)) {
        pairs += 1;
        if (definedValue(categoricalShift(reference, current)).pValue < 0.01) alarms += 1;
      }
    }
    // Three standard deviations of a binomial count above the level.
    expect(alarms).toBeLessThanOrEqual(0.01 * pairs + 3 * Math.sqrt(0.01 * pairs));
  });

  it('is a probability, and the same with samples swapped and categories in another order', () => {
    fc.assert(
      fc.property(histogramPair, ({ reference, current }) => {
        const shift = categoricalShift(reference, current);
        const swapped = categoricalShift(current, reference);
        const reversed = categoricalShift(reference.toReversed(), current.toReversed());
        expect([swapped.defined, reversed.defined]).toEqual([shift.defined, shift.defined]);
        if (!(shift.defined && swapped.defined && reversed.defined)) return;
        const { pValue } = shift.value;
        expect(pValue).toBeGreaterThanOrEqual(0);
        expect(pValue).toBeLessThanOrEqual(1);
        expect(Math.abs(swapped.value.pValue - pValue)).toBeLessThan(1e-9 * pValue + 1e-300);
        expect(Math.abs(reversed.value.pValue - pValue)).toBeLessThan(1e-9 * pValue + 1e-300);
      }),
    );
  });

  it('gives a reason when there is nothing to test', () => {
    expectUndefined(categoricalShift([0, 0], [1, 2]), /reference has no values/);
    expectUndefined(categoricalShift([1, 2], [0, 0]), /current sample has no values/);
    expectUndefined(categoricalShift([7, 0], [9, 0]), /one category/);
    expectUndefined(categoricalShift([7.5, 1], [9, 1]), /not a whole number/);
  });
});
