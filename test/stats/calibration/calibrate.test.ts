import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/base/random.ts';
import { calibrate, probabilityOf } from '../../../src/stats/calibration/calibrate.ts';
import { scoreCounts } from '../../../src/stats/score/score-counts.ts';
import { countsOf } from '../score-cases.ts';

/** Scores whose label is positive with a probability that is a function of the score. */
function sample(seed: number, count: number, probability: (score: number) => number) {
  const random = seededRandom(seed);
  const scores = Array.from({ length: count }, () => random());
  return countsOf(
    scores,
    scores.map((score) => (random() < probability(score) ? 1 : 0)),
  );
}

describe('calibrate', () => {
  it('keeps scores that are probabilities already, nineteen times of twenty', () => {
    const kept = Array.from({ length: 20 }, (_, seed) => calibrate(sample(seed, 2_000, (score) => score)));
    expect(kept.filter((found) => found?.method === 'scores').length).toBeGreaterThanOrEqual(19);
  });

  it.each([
    ['too sure', (score: number) => 0.25 + score / 2],
    ['too unsure', (score: number) => 1 / (1 + Math.exp(-12 * (score - 0.5)))],
    ['about something rare', (score: number) => score ** 4],
  ])('calibrates scores that are %s', (_, probability) => {
    const found = calibrate(sample(3, 5_000, probability));
    expect(found?.method).toBe('isotonic');
    for (const score of [0.1, 0.3, 0.5, 0.7, 0.9]) {
      expect(Math.abs(probabilityOf(found!, score) - probability(score))).toBeLessThan(0.08);
    }
  });

  it('has to calibrate what is no probability', () => {
    const counts = sample(4, 3_000, (score) => score);
    const logits = scoreCounts(
      Array.from(counts.scores, (score, i) => ({
        score: Math.log(score / (1 - score)),
        positives: counts.positives[i] as number,
        negatives: counts.negatives[i] as number,
      })),
    );
    const found = calibrate(logits);
    expect(found).toMatchObject({ method: 'isotonic', gain: null });
    expect(probabilityOf(found!, 0)).toBeCloseTo(0.5, 1);
    expect(probabilityOf(found!, -100)).toBeLessThan(0.05);
  });

  it('says by how much it helps, as found on labels that it was not fitted on', () => {
    const helpful = calibrate(sample(5, 5_000, (score) => 0.25 + score / 2))?.gain;
    // The mean square of score - (0.25 + score / 2).
    expect(helpful?.value).toBeCloseTo(1 / 48, 2);
    const useless = calibrate(sample(6, 5_000, (score) => score))?.gain;
    expect(Math.abs(useless?.value ?? 1)).toBeLessThan(0.003);
  });

  it('has nothing to go by with fewer than twenty labels of a class', () => {
    const of = (positives: number, negatives: number) =>
      calibrate(
        scoreCounts([
          { score: 0.9, positives, negatives: 0 },
          { score: 0.1, positives: 0, negatives },
        ]),
      );
    expect(of(19, 1_000)).toBeUndefined();
    expect(of(1_000, 19)).toBeUndefined();
    expect(of(0, 0)).toBeUndefined();
    expect(of(20, 20)).toBeDefined();
  });

  it('is the same for the same counts, in whatever order they came', () => {
    const counts = sample(7, 500, (score) => score ** 2);
    const reversed = scoreCounts(
      Array.from(counts.scores, (score, i) => ({
        score,
        positives: counts.positives[i] as number,
        negatives: counts.negatives[i] as number,
      })).reverse(),
    );
    expect(calibrate(reversed)).toEqual(calibrate(counts));
  });

  it('takes a score that is off its range for the nearest probability', () => {
    const found = calibrate(sample(8, 2_000, (score) => score));
    expect(found?.method).toBe('scores');
    expect([-1, 0.3, 2].map((score) => probabilityOf(found!, score))).toEqual([0, 0.3, 1]);
  });
});
