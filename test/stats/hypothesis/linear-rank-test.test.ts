import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linearRankTest } from '../../../src/stats/hypothesis/linear-rank-test.ts';
import { exactRankPValues } from '../exact-rank-distribution.ts';
import { expectClose } from '../expect-computed.ts';
import { histogramPair } from '../histogram-arbitrary.ts';

/** Twice the midranks, which are whole numbers. */
function doubledMidranks(totals: readonly number[]): number[] {
  let below = 0;
  return totals.map((total) => {
    below += total;
    return 2 * below - total + 1;
  });
}

/** Histograms of m current values whose scores add up to `sum`; counts may be fractions, of which the test sees the sum only. */
function dealt(totals: readonly number[], scores: readonly number[], m: number, sum: number) {
  const size = totals.reduce((total, count) => total + count, 0);
  const current = totals.map((total) => (total * m) / size);
  const mean = current.reduce((total, count, i) => total + count * (scores[i] as number), 0);
  const last = totals.length - 1;
  const moved = (sum - mean) / ((scores[last] as number) - (scores[0] as number));
  current[last]! += moved;
  current[0]! -= moved;
  return { reference: totals.map((total, i) => total - (current[i] as number)), current, n: size - m };
}

const ones = (length: number): number[] => new Array<number>(length).fill(1);

describe('linearRankTest', () => {
  it('standardizes by the mean and variance of all ways to deal', () => {
    // Scores 1, 2, 4 for 2, 1 and 2 values; two of the five are dealt. Mean 24/5 of a sum, variance 54/25:
    // the ten sums are 2, 3, 3, 5, 5, 5, 5, 6, 6, 8.
    const test = linearRankTest(Float64Array.of(1, 2, 4), [2, 1, 0], [0, 0, 2], 3, 2);
    expectClose(test?.z as number, (8 - 4.8) / Math.sqrt(2.76), 1e-12);
  });

  it.each([
    ['values without ties', ones(120)],
    ['ten equal cells', new Array<number>(10).fill(12)],
    ['three cells', [60, 40, 20]],
    ['cells of halving weight', [64, 32, 16, 8, 4, 2, 1]],
    ['90 % in the first cell', [108, ...ones(12)]],
    ['half in the first cell', [60, ...ones(60)]],
    ['80 % in the middle', [...ones(12), 96, ...ones(12)]],
  ])('is never below two thirds of the exact p-value for %s', (_, totals) => {
    const scores = doubledMidranks(totals);
    const m = 20;
    let compared = 0;
    for (const [sum, exact] of exactRankPValues(totals, scores, m)) {
      if (exact < 1e-5 || exact > 0.2) continue;
      const { reference, current, n } = dealt(totals, scores, m, sum);
      const pValue = linearRankTest(Float64Array.from(scores), reference, current, n, m)?.pValue as number;
      expect(pValue / exact, `sum ${sum}, exact ${exact}`).toBeGreaterThan(2 / 3);
      expect(pValue / exact, `sum ${sum}, exact ${exact}`).toBeLessThan(exact < 1e-3 ? 50 : 8);
      compared += 1;
    }
    expect(compared).toBeGreaterThan(5);
  });

  it('is within a sixth of the exact p-value near 0.01 when there are no ties', () => {
    const totals = ones(80);
    const scores = doubledMidranks(totals);
    for (const [sum, exact] of exactRankPValues(totals, scores, 20)) {
      if (exact < 5e-3 || exact > 0.1) continue;
      const { reference, current, n } = dealt(totals, scores, 20, sum);
      const test = linearRankTest(Float64Array.from(scores), reference, current, n, 20);
      expectClose(test?.pValue as number, exact, 1 / 6);
    }
  });

  it('does not depend on which sample is called the current one', () => {
    fc.assert(
      fc.property(histogramPair, fc.integer({ min: 1, max: 9 }), ({ reference, current }, seed) => {
        const sizeOf = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0);
        const scores = Float64Array.from(reference, (_, i) => ((i + 1) * seed * 7) % 11);
        const [n, m] = [sizeOf(reference), sizeOf(current)];
        const test = linearRankTest(scores, reference, current, n, m);
        const swapped = linearRankTest(scores, current, reference, m, n);
        if (test === undefined || swapped === undefined) {
          expect(test).toBe(swapped);
          return;
        }
        expect(test.pValue).toBeGreaterThanOrEqual(0);
        expect(test.pValue).toBeLessThanOrEqual(1);
        expect(Math.abs(test.z + swapped.z)).toBeLessThan(1e-5 * (1 + Math.abs(test.z)));
        expect(Math.abs(test.pValue - swapped.pValue)).toBeLessThan(1e-4 * test.pValue + 1e-12);
      }),
    );
  });

  it('has no result where all scores are equal, or for a single value', () => {
    expect(linearRankTest(Float64Array.of(3, 7), [0, 5], [0, 4], 5, 4)).toBeUndefined();
    expect(linearRankTest(Float64Array.of(0.1, 0.1, 0.1), [1, 2, 3], [3, 3, 3], 6, 9)).toBeUndefined();
    expect(linearRankTest(Float64Array.of(1, 2), [0.5, 0], [0, 0.5], 0.5, 0.5)).toBeUndefined();
  });
});
