import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/base/random.ts';
import {
  blockOf,
  isotonicRegression,
  isotonicShare,
} from '../../../src/stats/calibration/isotonic-regression.ts';
import { anyScores, countsOf, NO_SCORES } from '../score-cases.ts';

function sharesOf(scores: readonly number[], labels: readonly number[]): Array<[number, number, number]> {
  return isotonicRegression(countsOf(scores, labels)).map(({ from, to, positives, total }) => [
    from,
    to,
    positives / total,
  ]);
}

/** The squared error of the best rising step function, by trying all ways to cut the scores. */
function leastError(shares: ReadonlyArray<readonly [positives: number, total: number]>): number {
  const best = (from: number, atLeast: number): number => {
    if (from === shares.length) return 0;
    let least = Number.POSITIVE_INFINITY;
    let [positives, total] = [0, 0];
    for (let to = from; to < shares.length; to += 1) {
      positives += shares[to]?.[0] ?? 0;
      total += shares[to]?.[1] ?? 0;
      const share = positives / total;
      if (share < atLeast) continue;
      const error = positives * (1 - share) ** 2 + (total - positives) * share ** 2;
      least = Math.min(least, error + best(to + 1, share));
    }
    return least;
  };
  return best(0, 0);
}

describe('isotonicRegression', () => {
  it('joins neighbours until shares rise', () => {
    // The sample of scikit-learn's documentation of pool adjacent violators: 1, 3, 2, 4 as shares.
    expect(sharesOf([0.1, 0.2, 0.3, 0.4], [0, 1, 0, 1])).toEqual([
      [0.1, 0.1, 0],
      [0.2, 0.3, 0.5],
      [0.4, 0.4, 1],
    ]);
    expect(sharesOf([0.1, 0.2, 0.3], [1, 1, 0])).toEqual([[0.1, 0.3, 2 / 3]]);
    expect(isotonicRegression(NO_SCORES)).toEqual([]);
  });

  it('is the rising function with the least squared error', () => {
    fc.assert(
      fc.property(anyScores, (counts) => {
        fc.pre(counts.scores.length > 0 && counts.scores.length <= 9);
        const shares = Array.from(counts.scores, (_, i): [number, number] => [
          counts.positives[i] as number,
          (counts.positives[i] as number) + (counts.negatives[i] as number),
        ]);
        const error = isotonicRegression(counts).reduce((sum, { positives, total }) => {
          const share = positives / total;
          return sum + positives * (1 - share) ** 2 + (total - positives) * share ** 2;
        }, 0);
        expect(error).toBeCloseTo(leastError(shares), 9);
      }),
      { numRuns: 200 },
    );
  });

  it('rises, and counts every item once', () => {
    fc.assert(
      fc.property(anyScores, (counts) => {
        const blocks = isotonicRegression(counts);
        const total = blocks.reduce((sum, block) => sum + block.total, 0);
        expect(total).toBe(counts.totalPositives + counts.totalNegatives);
        for (let i = 1; i < blocks.length; i += 1) {
          const [before, block] = [blocks[i - 1]!, blocks[i]!];
          expect(before.positives / before.total).toBeLessThan(block.positives / block.total);
          expect(before.to).toBeLessThan(block.from);
        }
      }),
    );
  });

  it('stays small, whatever the number of scores', () => {
    const random = seededRandom(1);
    const scores = Array.from({ length: 50_000 }, () => random());
    const labels = scores.map((score) => (random() < score ? 1 : 0));
    const blocks = isotonicRegression(countsOf(scores, labels));
    expect(blocks.length).toBeLessThanOrEqual(500);
    for (const score of [0.1, 0.5, 0.9]) expect(isotonicShare(blocks, score)).toBeCloseTo(score, 1);
  });
});

describe('isotonicShare', () => {
  const blocks = isotonicRegression(countsOf([0.1, 0.2, 0.3, 0.4], [0, 1, 0, 1]));

  it.each([
    [-5, 0],
    [0.1, 0],
    [0.15, 0.25],
    [0.2, 0.5],
    [0.25, 0.5],
    [0.3, 0.5],
    [0.35, 0.75],
    [0.4, 1],
    [7, 1],
  ])('at %d is %d', (score, share) => {
    expect(isotonicShare(blocks, score)).toBeCloseTo(share, 12);
  });

  it('goes by the block that a score lies in, or is next to', () => {
    expect([0, 0.1, 0.11, 0.2, 0.3, 0.31, 0.4, 9].map((score) => blockOf(blocks, score))).toEqual([
      0, 0, 1, 1, 1, 2, 2, 2,
    ]);
  });
});
