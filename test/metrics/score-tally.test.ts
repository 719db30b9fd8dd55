import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/base/random.ts';
import { ScoreTally } from '../../src/metrics/score-tally.ts';
import { rocAuc } from '../../src/stats/score/roc-auc.ts';
import { scoreCounts } from '../../src/stats/score/score-counts.ts';
import { definedValue } from '../stats/expect-computed.ts';

function tallyOf(scores: readonly number[], limit?: number): ScoreTally {
  const tally = new ScoreTally(limit);
  for (const score of scores) tally.add(score, isPositive(score));
  return tally;
}

/** Some label that depends on the score alone, so that rows may come in any order. */
function isPositive(score: number): boolean {
  return Math.sin(score * 1e6) > 0.3;
}

describe('ScoreTally', () => {
  it('keeps scores as they are while they are few', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1e300, max: 1e300, noNaN: true })), (scores) => {
        const cells = scores.map((score) => ({
          score,
          positives: isPositive(score) ? 1 : 0,
          negatives: isPositive(score) ? 0 : 1,
        }));
        expect(tallyOf(scores).evidence()).toEqual({ counts: scoreCounts(cells), step: 0 });
      }),
    );
  });

  it('rounds to multiples of 2^-20 where there are more', () => {
    const random = seededRandom(1);
    const scores = Array.from({ length: 500 }, () => random());
    const { counts, step } = tallyOf(scores, 200).evidence();
    expect(step).toBe(2 ** -20);
    expect(counts.totalPositives + counts.totalNegatives).toBe(500);
    const rounded = [...new Set(scores.map((score) => Math.round(score * 2 ** 20) / 2 ** 20))];
    expect([...counts.scores]).toEqual(rounded.sort((a, b) => a - b));
    const exactly = definedValue(rocAuc(tallyOf(scores).evidence().counts));
    expect(Math.abs(definedValue(rocAuc(counts)) - exactly)).toBeLessThan(1e-4);
  });

  it('passes over what can be no score', () => {
    const tally = tallyOf([Number.NaN, Number.POSITIVE_INFINITY, -1.7e308, 0.5]);
    expect([...tally.evidence().counts.scores]).toEqual([0.5]);
  });

  it('keeps 0, 0.5 and 1 where they are', () => {
    expect([...tallyOf([1, 0.5, 0.1, 0.2, 0], 2).evidence().counts.scores]).toEqual([
      0,
      Math.round(0.1 * 2 ** 20) / 2 ** 20,
      Math.round(0.2 * 2 ** 20) / 2 ** 20,
      0.5,
      1,
    ]);
  });

  it('takes wider steps for scores outside of -1 to 1, in any order', () => {
    const scores = [0.25, -700, 3, 1000, 0.5, 1000, -0.125];
    for (const order of [scores, scores.toReversed()]) {
      const { counts, step } = tallyOf(order, 2).evidence();
      expect(step).toBe(1024 * 2 ** -20);
      expect([...counts.scores]).toEqual([-700, -0.125, 0.25, 0.5, 3, 1000]);
      expect(counts.totalPositives + counts.totalNegatives).toBe(7);
    }
    expect(tallyOf([1, 2, 1e300], 2).evidence().counts.scores.at(-1)).toBeCloseTo(1e300, -295);
  });
});
