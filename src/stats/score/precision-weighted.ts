import { type Computed, defined, undefinedBecause } from '../computed.ts';
import type { ConfusionMatrix } from './confusion.ts';

/**
 * Precision in which every class weighs as much as it occurs among the labels.
 *
 * Mean of the precision of all classes, weighted by the number of items with their label; a class that is never
 * predicted adds a 0.
 *
 * Range: 0 to 1. Undefined without labelled predictions.
 *
 * Reference: scikit-learn's `precision_score(average='weighted')`.
 *
 * @example
 * const matrix = confusionMatrix([
 *   { prediction: 'a', label: 'a', count: 3 },
 *   { prediction: 'a', label: 'b', count: 1 },
 * ]);
 * precisionWeighted(matrix); // { defined: true, value: 0.5625 }
 */
export function precisionWeighted(matrix: ConfusionMatrix): Computed {
  if (matrix.total === 0) return undefinedBecause('no prediction has a label');
  let sum = 0;
  for (const { labelled, predicted, correct } of matrix.classes.values()) {
    if (predicted > 0) sum += labelled * (correct / predicted);
  }
  return defined(sum / matrix.total);
}
