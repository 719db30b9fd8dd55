import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { meanOverProbabilities, scoreCounts } from '../../../src/stats/score/score-counts.ts';
import { definedValue, expectUndefined } from '../expect-computed.ts';
import { countsOf, NO_SCORES } from '../score-cases.ts';

describe('scoreCounts', () => {
  it('counts items of both kinds at each distinct score, in ascending order', () => {
    const counts = scoreCounts([
      { score: 0.9, positives: 2, negatives: 0 },
      { score: -3, positives: 0, negatives: 1 },
      { score: 0.9, positives: 1, negatives: 4 },
      { score: 0.5, positives: 0, negatives: 0 },
    ]);
    expect(counts).toEqual({
      scores: Float64Array.of(-3, 0.9),
      positives: Float64Array.of(0, 3),
      negatives: Float64Array.of(1, 4),
      totalPositives: 3,
      totalNegatives: 5,
    });
  });

  it('takes 0 and -0 for the same score', () => {
    expect(countsOf([0, -0], [1, 0]).scores).toHaveLength(1);
  });

  it('does not depend on the order in which scores come', () => {
    const cell = fc.record({ score: fc.nat(9), positives: fc.nat(3), negatives: fc.nat(3) });
    fc.assert(
      fc.property(fc.array(cell), (cells) => {
        const sorted = cells.toSorted((a, b) => a.score - b.score);
        expect(scoreCounts(cells)).toEqual(scoreCounts(sorted));
      }),
    );
  });

  it.each([
    { score: Number.NaN, positives: 1, negatives: 0 },
    { score: Number.POSITIVE_INFINITY, positives: 1, negatives: 0 },
    { score: 0.5, positives: -1, negatives: 0 },
    { score: 0.5, positives: 1, negatives: Number.NaN },
  ])('refuses $score with $positives and $negatives', (cell) => {
    expect(() => scoreCounts([cell])).toThrow(RangeError);
  });
});

describe('meanOverProbabilities', () => {
  const mean = (scores: readonly number[]) =>
    meanOverProbabilities(
      countsOf(
        scores,
        scores.map(() => 1),
      ),
      (score, positives) => score * positives,
    );

  it('is the mean over items, not over distinct scores', () => {
    expect(definedValue(mean([0, 1, 1, 1]))).toBe(0.75);
  });

  it('gives a reason for scores that are no probabilities, and without any', () => {
    expectUndefined(mean([0.5, 1.001]), /outside 0 to 1/);
    expectUndefined(mean([-0.001, 0.5]), /outside 0 to 1/);
    expectUndefined(
      meanOverProbabilities(NO_SCORES, () => 0),
      /no labelled prediction has a score/,
    );
  });
});
