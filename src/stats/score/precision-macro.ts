import { type Computed, defined, undefinedBecause } from '../computed.ts';
import type { ConfusionMatrix } from './confusion.ts';

/**
 * Precision in which every class weighs the same, however rare it is.
 *
 * Unweighted mean of the precision of all classes that occur among labels or predictions; a class that is never
 * predicted adds a 0.
 *
 * Range: 0 to 1. Undefined without labelled predictions.
 *
 * Reference: scikit-learn's `precision_score(average='macro')`.
 *
 * @example
 * const matrix = confusionMatrix([
 *   { prediction: 'a', label: 'a', count: 3 },
 *   { prediction: 'a', label: 'b', count: 1 },
 * ]);
 * precisionMacro(matrix); // { defined: true, value: 0.375 }
 */
export function precisionMacro(matrix: ConfusionMatrix): Computed {
  if (matrix.total === 0) return undefinedBecause('no prediction has a label');
  let sum = 0;
  for (const { predicted, correct } of matrix.classes.values()) {
    if (predicted > 0) sum += correct / predicted;
  }
  return defined(sum / matrix.classes.size);
}
