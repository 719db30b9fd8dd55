import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/base/random.ts';
import { RowSample } from '../../../src/profile/derived/row-sample.ts';

function sampleOf(weights: readonly number[], capacity: number, budget: number, seed = 1): RowSample<number> {
  const sample = new RowSample<number>(capacity, budget, seededRandom(seed));
  weights.forEach((weight, row) => {
    if (sample.wantsNext()) sample.put(row, weight);
  });
  return sample;
}

describe('a sample of rows', () => {
  it('is the whole stream where that fits', () => {
    expect(sampleOf([1, 2, 3], 5, 100).rows).toEqual([0, 1, 2]);
    expect(sampleOf([], 5, 100).rows).toEqual([]);
  });

  it('keeps to both bounds, but for a single row that is too heavy by itself', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 200 }),
        fc.nat(),
        (weights, seed) => {
          const { rows } = sampleOf(weights, 20, 50, seed);
          const weight = rows.reduce((sum, row) => sum + (weights[row] as number), 0);
          expect(rows.length).toBeLessThanOrEqual(20);
          expect(new Set(rows).size).toBe(rows.length);
          expect(weight <= 50 || rows.length === 1).toBe(true);
          expect(rows.length > 0).toBe(weights.length > 0);
        },
      ),
    );
  });

  it('has every row with the same chance, with rows dropped for their weight or without', () => {
    for (const [capacity, budget] of [
      [10, 1_000],
      [10, 6],
    ] as const) {
      const hits = new Array<number>(40).fill(0);
      let kept = 0;
      for (let seed = 0; seed < 4_000; seed += 1) {
        for (const row of sampleOf(new Array<number>(40).fill(1), capacity, budget, seed).rows) {
          hits[row]! += 1;
          kept += 1;
        }
      }
      // Five standard deviations of a binomial count.
      const expected = kept / 40;
      for (const count of hits) expect(Math.abs(count - expected)).toBeLessThan(5 * Math.sqrt(expected));
    }
  });
});
