import { describe, expect, it } from 'vitest';
import { estimatedAccuracy } from '../../../src/stats/score/estimated-accuracy.ts';
import { definedValue, expectClose, expectUndefined } from '../expect-computed.ts';
import { countsOf, NO_SCORES, scoreCases } from '../score-cases.ts';

describe('estimatedAccuracy', () => {
  it.each(scoreCases())('meets the reference value of %s', (_name, counts, expected) => {
    expectClose(definedValue(estimatedAccuracy(counts, 0.5)), expected['estimated_accuracy_cbpe'] as number);
  });

  it('follows the threshold', () => {
    const counts = countsOf([0.9, 0.6, 0.2], [1, 0, 1]);
    expectClose(definedValue(estimatedAccuracy(counts, 0.5)), (0.9 + 0.6 + 0.8) / 3, 1e-12);
    expectClose(definedValue(estimatedAccuracy(counts, 0.6)), (0.9 + 0.6 + 0.8) / 3, 1e-12);
    expectClose(definedValue(estimatedAccuracy(counts, 0.7)), (0.9 + 0.4 + 0.8) / 3, 1e-12);
  });

  it('does not look at the labels', () => {
    expect(estimatedAccuracy(countsOf([0.9, 0.2], [0, 0]), 0.5)).toEqual(
      estimatedAccuracy(countsOf([0.9, 0.2], [1, 0]), 0.5),
    );
  });

  it('gives a reason for scores that are no probabilities, and without scores', () => {
    expectUndefined(estimatedAccuracy(countsOf([-1, 2], [0, 1]), 0.5), /outside 0 to 1/);
    expectUndefined(estimatedAccuracy(NO_SCORES, 0.5), /no labelled prediction has a score/);
  });
});
