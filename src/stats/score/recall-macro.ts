import { type Computed, defined, undefinedBecause } from '../computed.ts';
import type { ConfusionMatrix } from './confusion.ts';

/**
 * Recall in which every class weighs the same, however rare it is.
 *
 * Unweighted mean of the recall of all classes that occur among labels or predictions. A class that is only ever
 * predicted adds a 0; in that alone it differs from balanced accuracy, which leaves such a class out.
 *
 * Range: 0 to 1. Undefined without labelled predictions.
 *
 * Reference: scikit-learn's `recall_score(average='macro')`.
 *
 * @example
 * const matrix = confusionMatrix([
 *   { prediction: 'a', label: 'a', count: 3 },
 *   { prediction: 'a', label: 'b', count: 1 },
 * ]);
 * recallMacro(matrix); // { defined: true, value: 0.5 }
 */
export function recallMacro(matrix: ConfusionMatrix): Computed {
  if (matrix.total === 0) return undefinedBecause('no prediction has a label');
  let sum = 0;
  for (const { labelled, correct } of matrix.classes.values()) {
    if (labelled > 0) sum += correct / labelled;
  }
  return defined(sum / matrix.classes.size);
}
