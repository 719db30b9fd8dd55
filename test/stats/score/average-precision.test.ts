import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { averagePrecision } from '../../../src/stats/score/average-precision.ts';
import { definedValue, expectClose, expectUndefined } from '../expect-computed.ts';
import { anyScores, countsOf, NO_SCORES, scoreCases } from '../score-cases.ts';

describe('averagePrecision', () => {
  it.each(scoreCases())('meets the reference value of %s', (_name, counts, expected) => {
    expectClose(definedValue(averagePrecision(counts)), expected['average_precision'] as number);
  });

  it('lets items of the same score pass together, whatever their order', () => {
    // scikit-learn 1.2: average_precision_score([1, 0, 1, 0, 0], [.9, .9, .4, .4, .1]) is 0.5.
    const [scores, labels] = [
      [0.9, 0.9, 0.4, 0.4, 0.1],
      [1, 0, 1, 0, 0],
    ];
    expect(definedValue(averagePrecision(countsOf(scores, labels)))).toBe(0.5);
    expect(definedValue(averagePrecision(countsOf(scores, [0, 1, 0, 1, 0])))).toBe(0.5);
  });

  it('is the share of positives for a constant score, and lies between 0 and 1 for any', () => {
    expect(definedValue(averagePrecision(countsOf([3, 3, 3, 3], [1, 0, 0, 0])))).toBe(0.25);
    fc.assert(
      fc.property(anyScores, (counts) => {
        const computed = averagePrecision(counts);
        if (!computed.defined) return;
        expect(computed.value).toBeGreaterThan(0);
        expect(computed.value).toBeLessThanOrEqual(1 + 1e-12);
      }),
    );
  });

  it('is 1 when every label is positive', () => {
    expect(definedValue(averagePrecision(countsOf([0.1, 0.9], [1, 1])))).toBe(1);
  });

  it('gives a reason when nothing is labelled as positive, and without scores', () => {
    expectUndefined(averagePrecision(countsOf([0.1, 0.9], [0, 0])), /labelled as positive/);
    expectUndefined(averagePrecision(NO_SCORES), /no labelled prediction has a score/);
  });
});
