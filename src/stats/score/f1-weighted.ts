import { type Computed, defined, undefinedBecause } from '../computed.ts';
import type { ConfusionMatrix } from './confusion.ts';

/**
 * F1 in which every class weighs as much as it occurs among the labels.
 *
 * Mean of the F1 of all classes, weighted by the number of items with their label.
 *
 * Range: 0 to 1. Undefined without labelled predictions.
 *
 * Reference: scikit-learn's `f1_score(average='weighted')`.
 *
 * @example
 * const matrix = confusionMatrix([
 *   { prediction: 'a', label: 'a', count: 3 },
 *   { prediction: 'a', label: 'b', count: 1 },
 * ]);
 * f1Weighted(matrix); // { defined: true, value: 0.642... }
 */
export function f1Weighted(matrix: ConfusionMatrix): Computed {
  if (matrix.total === 0) return undefinedBecause('no prediction has a label');
  let sum = 0;
  for (const { labelled, predicted, correct } of matrix.classes.values()) {
    sum += labelled * ((2 * correct) / (labelled + predicted));
  }
  return defined(sum / matrix.total);
}
