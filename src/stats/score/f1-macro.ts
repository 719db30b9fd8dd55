import { type Computed, defined, undefinedBecause } from '../computed.ts';
import type { ConfusionMatrix } from './confusion.ts';

/**
 * F1 in which every class weighs the same, however rare it is.
 *
 * Unweighted mean of the F1 of all classes that occur among labels or predictions; a class on only one of the
 * two sides adds a 0.
 *
 * Range: 0 to 1. Undefined without labelled predictions.
 *
 * Reference: scikit-learn's `f1_score(average='macro')`.
 *
 * @example
 * const matrix = confusionMatrix([
 *   { prediction: 'a', label: 'a', count: 3 },
 *   { prediction: 'a', label: 'b', count: 1 },
 * ]);
 * f1Macro(matrix); // { defined: true, value: 0.428... }
 */
export function f1Macro(matrix: ConfusionMatrix): Computed {
  if (matrix.total === 0) return undefinedBecause('no prediction has a label');
  let sum = 0;
  for (const { labelled, predicted, correct } of matrix.classes.values()) {
    sum += (2 * correct) / (labelled + predicted);
  }
  return defined(sum / matrix.classes.size);
}
