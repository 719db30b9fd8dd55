import { describe, expect, it } from 'vitest';
import { logLoss } from '../../../src/stats/score/log-loss.ts';
import { definedValue, expectClose, expectUndefined } from '../expect-computed.ts';
import { countsOf, NO_SCORES, scoreCases } from '../score-cases.ts';

describe('logLoss', () => {
  it.each(scoreCases())('meets the reference value of %s', (_name, counts, expected) => {
    expectClose(definedValue(logLoss(counts)), expected['log_loss'] as number);
  });

  it('is the entropy of the labels where the score is their share', () => {
    expectClose(definedValue(logLoss(countsOf([0.5, 0.5], [1, 0]))), Math.LN2, 1e-14);
    const entropy = -(0.25 * Math.log(0.25) + 0.75 * Math.log(0.75));
    expectClose(definedValue(logLoss(countsOf([0.25, 0.25, 0.25, 0.25], [1, 0, 0, 0]))), entropy, 1e-14);
  });

  it('takes a certain mistake for as bad as a double can tell, and not for infinitely bad', () => {
    // scikit-learn 1.2: log_loss([0, 1], [1.0, 0.0]) is 36.04365338911715.
    expectClose(definedValue(logLoss(countsOf([1, 0], [0, 1]))), 36.04365338911715, 1e-14);
    expect(definedValue(logLoss(countsOf([1, 0], [1, 0])))).toBeCloseTo(0, 12);
  });

  it('gives a reason for one class, for scores that are no probabilities, and without scores', () => {
    expectUndefined(logLoss(countsOf([0.1, 0.9], [0, 0])), /one class/);
    expectUndefined(logLoss(countsOf([0.1, 0.9], [1, 1])), /one class/);
    expectUndefined(logLoss(countsOf([-1, 2], [0, 1])), /outside 0 to 1/);
    expectUndefined(logLoss(NO_SCORES), /no labelled prediction has a score/);
  });
});
