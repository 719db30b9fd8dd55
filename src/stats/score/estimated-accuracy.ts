import type { Computed } from '../computed.ts';
import { meanOverProbabilities, type ScoreCounts } from './score-counts.ts';

/**
 * The accuracy that scores themselves lead one to expect, while labels are not there yet.
 *
 * An item whose score reaches the threshold is predicted as positive and right with probability `score`; any
 * other is right with probability 1 - score. The mean of these; at threshold 0.5 that is the mean of
 * max(score, 1 - score). Labels are not looked at.
 *
 * It is as good as the scores are calibrated. It follows a shift of the inputs, but cannot see that the relation
 * of inputs and labels has changed (concept drift): compare it with `accuracy` once labels have come.
 *
 * Range: 0 to 1. Undefined without scores, and when a score lies outside 0 to 1.
 *
 * Reference: Guillory et al., Predicting with confidence on unseen distributions, ICCV (2021): average
 * confidence, for two classes.
 *
 * @param threshold the score from which an item is predicted as positive
 *
 * @example
 * const counts = scoreCounts([
 *   { score: 0.9, positives: 1, negatives: 0 },
 *   { score: 0.3, positives: 1, negatives: 0 },
 * ]);
 * estimatedAccuracy(counts, 0.5); // { defined: true, value: 0.8 }
 */
export function estimatedAccuracy(counts: ScoreCounts, threshold: number): Computed {
  return meanOverProbabilities(
    counts,
    (score, positives, negatives) => (positives + negatives) * (score >= threshold ? score : 1 - score),
  );
}
