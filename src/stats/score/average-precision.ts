import { type Computed, defined, undefinedBecause } from '../computed.ts';
import type { ScoreCounts } from './score-counts.ts';

/**
 * One number for the curve of precision over recall; tells more than `roc_auc` where positives are rare.
 *
 * With the distinct scores as thresholds, from the highest down: the mean of the precision at each, weighted by
 * the recall that it adds. Not interpolated. Items of the same score pass the threshold together.
 *
 * Range: 0 to 1; a random score gives the share of positives on average. Scores need not be probabilities.
 * Undefined without scores, and when nothing is labelled as positive (scikit-learn warns there and gives 0). It
 * is 1, and says nothing, when everything is labelled as positive.
 *
 * Reference: scikit-learn's `average_precision_score`.
 *
 * @example
 * const counts = scoreCounts([
 *   { score: 0.9, positives: 1, negatives: 0 },
 *   { score: 0.5, positives: 1, negatives: 1 },
 * ]);
 * averagePrecision(counts); // { defined: true, value: 0.833... }
 */
export function averagePrecision(counts: ScoreCounts): Computed {
  const { scores, positives, negatives, totalPositives } = counts;
  if (scores.length === 0) return undefinedBecause('no labelled prediction has a score');
  if (totalPositives === 0) return undefinedBecause('no scored prediction is labelled as positive');
  let found = 0;
  let taken = 0;
  let sum = 0;
  for (let i = scores.length - 1; i >= 0; i -= 1) {
    found += positives[i] as number;
    taken += (positives[i] as number) + (negatives[i] as number);
    sum += (positives[i] as number) * (found / taken);
  }
  return defined(sum / totalPositives);
}
