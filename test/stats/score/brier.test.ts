import { describe, expect, it } from 'vitest';
import { brier } from '../../../src/stats/score/brier.ts';
import { definedValue, expectClose, expectUndefined } from '../expect-computed.ts';
import { countsOf, NO_SCORES, scoreCases } from '../score-cases.ts';

describe('brier', () => {
  it.each(scoreCases())('meets the reference value of %s', (_name, counts, expected) => {
    expectClose(definedValue(brier(counts)), expected['brier'] as number);
  });

  it('runs from 0 for what is certain and right to 1 for what is certain and wrong', () => {
    expect(definedValue(brier(countsOf([0, 1], [0, 1])))).toBe(0);
    expect(definedValue(brier(countsOf([0.5, 0.5], [0, 1])))).toBe(0.25);
    expect(definedValue(brier(countsOf([1, 0], [0, 1])))).toBe(1);
  });

  it('has a value where all labels are of one class', () => {
    expectClose(definedValue(brier(countsOf([0.1, 0.3], [0, 0]))), 0.05, 1e-12);
  });

  it('gives a reason for scores that are no probabilities, and without scores', () => {
    expectUndefined(brier(countsOf([-1, 2], [0, 1])), /outside 0 to 1/);
    expectUndefined(brier(NO_SCORES), /no labelled prediction has a score/);
  });
});
