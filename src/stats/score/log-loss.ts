import { type Computed, undefinedBecause } from '../computed.ts';
import { meanOverProbabilities, type ScoreCounts } from './score-counts.ts';

/**
 * How surprised a probability is by what turned out to be true: one confident mistake costs more than many
 * hesitant ones.
 *
 * Mean of -ln(score) over items of the positive class and -ln(1 - score) over the others. Scores are first moved
 * into [e, 1 - e], where e = 2^-52, so that a score of exactly 0 or 1 that is wrong costs 36.04 and not infinity.
 *
 * Range: 0 to 36.04; always answering with the share of positives gives the entropy of that share. Undefined
 * without scores, when a score lies outside 0 to 1, and when all labels are of one class (scikit-learn raises an
 * error).
 *
 * Reference: Good, Rational decisions, Journal of the Royal Statistical Society B 14 (1952); scikit-learn 1.2's
 * `log_loss(eps='auto')` for doubles.
 *
 * @example
 * const counts = scoreCounts([
 *   { score: 0.5, positives: 1, negatives: 0 },
 *   { score: 0.25, positives: 0, negatives: 1 },
 * ]);
 * logLoss(counts); // { defined: true, value: 0.490... }
 */
export function logLoss(counts: ScoreCounts): Computed {
  const mean = meanOverProbabilities(counts, (score, positives, negatives) => {
    const p = Math.min(1 - Number.EPSILON, Math.max(Number.EPSILON, score));
    return -(positives * Math.log(p) + negatives * Math.log(1 - p));
  });
  if (mean.defined && (counts.totalPositives === 0 || counts.totalNegatives === 0)) {
    return undefinedBecause('all scored predictions are labelled with one class');
  }
  return mean;
}
