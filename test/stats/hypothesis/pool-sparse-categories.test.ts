import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { poolSparseCategories } from '../../../src/stats/hypothesis/pool-sparse-categories.ts';
import { histogramPair } from '../histogram-arbitrary.ts';

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);

describe('poolSparseCategories', () => {
  it('leaves dense categories alone', () => {
    expect(poolSparseCategories([50, 30, 20], [40, 40, 20], 0.5, 5)).toEqual({
      reference: [50, 30, 20],
      current: [40, 40, 20],
      pooled: 0,
    });
  });

  it('puts the sparse ones into one cell, whichever sample they are in', () => {
    expect(poolSparseCategories([50, 6, 0, 3], [40, 1, 6, 4], 0.5, 5)).toEqual({
      reference: [50, 9],
      current: [40, 11],
      pooled: 3,
    });
  });

  it('adds the smallest other category when the sparse ones are too few together', () => {
    expect(poolSparseCategories([50, 20, 2], [40, 30, 1], 0.5, 5)).toEqual({
      reference: [50, 22],
      current: [40, 31],
      pooled: 2,
    });
  });

  it('adds all that are equally small, so that the order of categories does not matter', () => {
    expect(poolSparseCategories([50, 20, 2, 30], [40, 30, 1, 20], 0.5, 5)).toEqual({
      reference: [50, 52],
      current: [40, 51],
      pooled: 3,
    });
  });

  it('leaves one cell when all are sparse, and none when there is nothing', () => {
    expect(poolSparseCategories([1, 0, 0], [0, 1, 0], 0.5, 5)).toEqual({
      reference: [1],
      current: [1],
      pooled: 2,
    });
    expect(poolSparseCategories([0, 0], [0, 0], 0.5, 5)).toEqual({ reference: [], current: [], pooled: 0 });
  });

  it('loses no value and leaves no sparse cell beside another', () => {
    fc.assert(
      fc.property(histogramPair, ({ reference, current }) => {
        const [n, m] = [sum(reference), sum(current)];
        const share = Math.min(n, m) / (n + m);
        const cells = poolSparseCategories(reference, current, share, 5);
        expect(sum(cells.reference)).toBe(n);
        expect(sum(cells.current)).toBe(m);
        if (cells.reference.length < 2) return;
        cells.reference.forEach((count, i) => {
          expect((count + (cells.current[i] as number)) * share).toBeGreaterThanOrEqual(5);
        });
      }),
    );
  });
});
