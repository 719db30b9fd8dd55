import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ece } from '../../../src/stats/score/ece.ts';
import { definedValue, expectClose, expectUndefined } from '../expect-computed.ts';
import { anyScores, countsOf, NO_SCORES, scoreCases } from '../score-cases.ts';

describe('ece', () => {
  it.each(scoreCases())('meets the reference value of %s', (_name, counts, expected) => {
    expectClose(definedValue(ece(counts)), expected['ece_10_equal_width'] as number);
  });

  it('is 0 where each bin keeps its promise', () => {
    const scores = [0.25, 0.25, 0.25, 0.25, 1, 0];
    expect(definedValue(ece(countsOf(scores, [1, 0, 0, 0, 1, 0])))).toBe(0);
  });

  it('closes bins on the right: 0.3 stands with 0.25 and not with 0.35', () => {
    // In one bin the two errors offset each other in part, in two bins they add up.
    expectClose(definedValue(ece(countsOf([0.3, 0.25], [1, 0]))), 0.225, 1e-12);
    expectClose(definedValue(ece(countsOf([0.3, 0.35], [1, 0]))), (0.7 + 0.35) / 2, 1e-12);
  });

  it('lies between 0 and 1', () => {
    fc.assert(
      fc.property(anyScores, (counts) => {
        const computed = ece(counts);
        if (!computed.defined) return;
        expect(computed.value).toBeGreaterThanOrEqual(0);
        expect(computed.value).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('gives a reason for scores that are no probabilities, and without scores', () => {
    expectUndefined(ece(countsOf([-1, 2], [0, 1])), /outside 0 to 1/);
    expectUndefined(ece(NO_SCORES), /no labelled prediction has a score/);
  });
});
