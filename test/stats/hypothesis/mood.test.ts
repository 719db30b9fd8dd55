import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/base/random.ts';
import { moodFromCells } from '../../../src/stats/hypothesis/mood.ts';
import { AWKWARD_SHAPES, drawHistogram, pairsWithoutDrift } from '../draw-histogram.ts';
import { exactRankPValues } from '../exact-rank-distribution.ts';
import { definedValue, expectClose, expectUndefined } from '../expect-computed.ts';
import { histogramPair } from '../histogram-arbitrary.ts';

/** The statistic as it is written for ranks, over every rank of a tie: (sum of scores - mean) / deviation. */
function standardizedByRanks(reference: readonly number[], current: readonly number[]): number {
  const totals = reference.map((count, i) => count + (current[i] as number));
  const size = totals.reduce((sum, count) => sum + count, 0);
  const m = current.reduce((sum, count) => sum + count, 0);
  let rank = 0;
  const scores = totals.map((total) => {
    let sum = 0;
    for (let i = 0; i < total; i += 1) {
      rank += 1;
      sum += (rank - (size + 1) / 2) ** 2;
    }
    return total > 0 ? sum / total : 0;
  });
  const mean = totals.reduce((sum, total, i) => sum + total * (scores[i] as number), 0) / size;
  const square = totals.reduce((sum, total, i) => sum + total * ((scores[i] as number) - mean) ** 2, 0);
  const observed = current.reduce((sum, count, i) => sum + count * (scores[i] as number), 0);
  return (observed - m * mean) / Math.sqrt((m * (size - m) * square) / (size * (size - 1)));
}

const smallPair = fc.integer({ min: 3, max: 8 }).chain((length) =>
  fc.record({
    reference: fc.array(fc.nat(12), { minLength: length, maxLength: length }),
    current: fc.array(fc.nat(12), { minLength: length, maxLength: length }),
  }),
);

describe('moodFromCells', () => {
  it('is the standardized sum of squared rank distances, shared out over ties', () => {
    fc.assert(
      fc.property(smallPair, ({ reference, current }) => {
        const test = moodFromCells(reference, current);
        if (!test.defined) return;
        const expected = standardizedByRanks(reference, current);
        expect(Math.abs(test.value.value - expected)).toBeLessThan(1e-9 * (1 + Math.abs(expected)));
      }),
    );
  });

  it('has the variance that Mood gives for samples without ties', () => {
    // E = m (N^2 - 1) / 12 and V = m n (N + 1) (N^2 - 4) / 180; the current values are ranks 1, 2, 9 and 10.
    const current = [1, 1, 0, 0, 0, 0, 0, 0, 1, 1];
    const reference = current.map((count) => 1 - count);
    const [sum, mean] = [2 * (4.5 ** 2 + 3.5 ** 2), (4 * 99) / 12];
    const deviation = Math.sqrt((4 * 6 * 11 * 96) / 180);
    expectClose(definedValue(moodFromCells(reference, current)).value, (sum - mean) / deviation, 1e-12);
  });

  it('is above 0 for a wider current sample, below 0 for a narrower one, wherever the middle is', () => {
    expect(definedValue(moodFromCells([0, 50, 50, 0], [25, 25, 25, 25])).value).toBeGreaterThan(5);
    expect(definedValue(moodFromCells([25, 25, 25, 25], [0, 50, 50, 0])).value).toBeLessThan(-5);
  });

  it('is never far below the exact p-value', () => {
    // Ten cells, 100 values, of which 20 are dealt.
    const totals = [2, 4, 8, 16, 20, 20, 16, 8, 4, 2];
    let below = 0;
    const scores = totals.map((total) => {
      below += total;
      return 3 * (2 * below - total - 100) ** 2 + total ** 2;
    });
    const exact = exactRankPValues(totals, scores, 20);
    const random = seededRandom(5);
    for (let i = 0; i < 500; i += 1) {
      // Uneven weights, so that the far tails are visited as well.
      const tilt = 0.3 + 2 * random();
      const current = drawHistogram(
        20,
        totals.map((total, cell) => total * tilt ** Math.abs(cell - 4.5)),
        random,
      ).map((count, cell) => Math.min(count, totals[cell] as number));
      if (current.reduce((sum, count) => sum + count, 0) !== 20) continue;
      const expected = exact.get(
        current.reduce((sum, count, cell) => sum + count * (scores[cell] as number), 0),
      );
      if (expected === undefined || expected < 1e-6) continue;
      const test = moodFromCells(
        totals.map((total, cell) => total - (current[cell] as number)),
        current,
      );
      expect(definedValue(test).pValue).toBeGreaterThan(0.8 * expected);
    }
  });

  it.each(Object.entries(AWKWARD_SHAPES))('keeps its level without drift for %s', (_, weights) => {
    const random = seededRandom(12);
    let alarms = 0;
    let pairs = 0;
    for (const sizes of [[5000, 50] as const, [5000, 1000] as const, [300, 2000] as const]) {
      for (const { reference, current } of pairsWithoutDrift(700, sizes, weights, random)) {
        const test = moodFromCells(reference, current);
        pairs += 1;
        if (test.defined && test.value.pValue < 0.01) alarms += 1;
      }
    }
    // Three standard deviations of a binomial count above the level.
    expect(alarms).toBeLessThanOrEqual(0.01 * pairs + 3 * Math.sqrt(0.01 * pairs));
  });

  it('changes its sign with the samples swapped, and not with the order of values', () => {
    fc.assert(
      fc.property(histogramPair, ({ reference, current }) => {
        const test = moodFromCells(reference, current);
        if (!test.defined) return;
        const { value, pValue } = test.value;
        const swapped = definedValue(moodFromCells(current, reference));
        const reversed = definedValue(moodFromCells(reference.toReversed(), current.toReversed()));
        const tolerance = 1e-4 * (1 + Math.abs(value));
        expect(Math.abs(value + swapped.value)).toBeLessThan(tolerance);
        expect(Math.abs(value - reversed.value)).toBeLessThan(tolerance);
        for (const other of [swapped, reversed]) {
          expect(Math.abs(pValue - other.pValue)).toBeLessThan(1e-2 * pValue + 1e-12);
        }
      }),
    );
  });

  it('gives a reason when there is nothing to test', () => {
    expectUndefined(moodFromCells([0, 0], [1, 2]), /reference has no values/);
    expectUndefined(moodFromCells([1, 2], [0, 0]), /current sample has no values/);
    expectUndefined(moodFromCells([0, 8, 0], [0, 9, 0]), /further from the middle/);
    expectUndefined(moodFromCells([30, 70], [70, 30]), /further from the middle/);
  });
});
