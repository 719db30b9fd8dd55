import type { Computed } from '../computed.ts';
import { meanOverProbabilities, type ScoreCounts } from './score-counts.ts';

/**
 * Mean squared distance of a probability from what turned out to be true, which is 1 for the positive class and
 * 0 for the others. It rewards both ranking and calibration.
 *
 * Range: 0 to 1; always answering 0.5 gives 0.25. Undefined without scores, and when a score lies outside 0 to 1.
 * A single class among the labels is no obstacle.
 *
 * Reference: Brier, Verification of forecasts expressed in terms of probability, Monthly Weather Review 78
 * (1950); scikit-learn's `brier_score_loss`.
 *
 * @example
 * const counts = scoreCounts([
 *   { score: 0.5, positives: 1, negatives: 0 },
 *   { score: 0.25, positives: 0, negatives: 1 },
 * ]);
 * brier(counts); // { defined: true, value: 0.15625 }
 */
export function brier(counts: ScoreCounts): Computed {
  return meanOverProbabilities(
    counts,
    (score, positives, negatives) => positives * (1 - score) ** 2 + negatives * score ** 2,
  );
}
