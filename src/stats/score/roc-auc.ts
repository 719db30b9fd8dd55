import { type Computed, defined, undefinedBecause } from '../computed.ts';
import type { ScoreCounts } from './score-counts.ts';

/**
 * How well a score ranks: the probability that an item of the positive class has a higher score than one of the
 * others, where a tie counts half. That is the area under the curve of true positive rate over false positive
 * rate. It looks at the order of the scores alone, so that any rising transformation of them gives the same.
 *
 * Range: 0 to 1; 0.5 is no better than chance. Scores need not be probabilities. Undefined without scores, and
 * when all labels are of one class (scikit-learn raises an error).
 *
 * Reference: Hanley and McNeil, The meaning and use of the area under a receiver operating characteristic (ROC)
 * curve, Radiology 143 (1982); scikit-learn's `roc_auc_score`.
 *
 * @example
 * const counts = scoreCounts([
 *   { score: 0.9, positives: 1, negatives: 0 },
 *   { score: 0.5, positives: 1, negatives: 1 },
 * ]);
 * rocAuc(counts); // { defined: true, value: 0.75 }
 */
export function rocAuc(counts: ScoreCounts): Computed {
  const { scores, positives, negatives, totalPositives, totalNegatives } = counts;
  if (scores.length === 0) return undefinedBecause('no labelled prediction has a score');
  if (totalPositives === 0) return undefinedBecause('no scored prediction is labelled as positive');
  if (totalNegatives === 0) return undefinedBecause('all scored predictions are labelled as positive');
  let below = 0;
  let pairs = 0;
  for (let i = 0; i < scores.length; i += 1) {
    pairs += (positives[i] as number) * (below + (negatives[i] as number) / 2);
    below += negatives[i] as number;
  }
  // Rounding may carry a perfect ranking past the end of the range.
  return defined(Math.min(1, pairs / totalPositives / totalNegatives));
}
