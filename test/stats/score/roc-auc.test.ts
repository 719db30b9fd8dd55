import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rocAuc } from '../../../src/stats/score/roc-auc.ts';
import { definedValue, expectClose, expectUndefined } from '../expect-computed.ts';
import { anyScores, countsOf, NO_SCORES, scoreCases } from '../score-cases.ts';

describe('rocAuc', () => {
  it.each(scoreCases())('meets the reference value of %s', (_name, counts, expected) => {
    expectClose(definedValue(rocAuc(counts)), expected['roc_auc'] as number);
  });

  it('is the share of pairs in which the positive has the higher score, ties counting half', () => {
    fc.assert(
      fc.property(anyScores, (counts) => {
        const { scores, positives, negatives, totalPositives, totalNegatives } = counts;
        const computed = rocAuc(counts);
        if (!computed.defined) return;
        let won = 0;
        scores.forEach((high, i) => {
          scores.forEach((low, j) => {
            const pairs = (positives[i] as number) * (negatives[j] as number);
            if (high > low) won += pairs;
            else if (high === low) won += pairs / 2;
          });
        });
        expectClose(computed.value, won / (totalPositives * totalNegatives), 1e-12);
        expect(computed.value).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('is 1, 0 and one half for a perfect, a reversed and a constant score', () => {
    expect(definedValue(rocAuc(countsOf([1, 2, 3], [0, 0, 1])))).toBe(1);
    expect(definedValue(rocAuc(countsOf([1, 2, 3], [1, 1, 0])))).toBe(0);
    expect(definedValue(rocAuc(countsOf([7, 7, 7], [1, 1, 0])))).toBe(0.5);
  });

  it('looks at the order alone, so that scores need not be probabilities', () => {
    const scores = [-3, 0.2, 0.2, 5, 1e300];
    const labels = [0, 1, 0, 0, 1];
    const ranks = [1, 2, 2, 3, 4];
    expect(rocAuc(countsOf(scores, labels))).toEqual(rocAuc(countsOf(ranks, labels)));
  });

  it('gives a reason when all labels are of one class, and without scores', () => {
    expectUndefined(rocAuc(countsOf([0.1, 0.9], [0, 0])), /no scored prediction is labelled as positive/);
    expectUndefined(rocAuc(countsOf([0.1, 0.9], [1, 1])), /all scored predictions/);
    expectUndefined(rocAuc(NO_SCORES), /no labelled prediction has a score/);
  });
});
