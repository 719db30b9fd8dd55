import { type Computed, defined, undefinedBecause } from '../computed.ts';
import type { ConfusionMatrix } from './confusion.ts';

/**
 * Accuracy in which every class weighs the same, however rare it is.
 *
 * Unweighted mean of the recall of the classes that occur among the labels. A class that is only ever
 * predicted has no recall and is left out. Guessing scores 1 / (number of classes) on average.
 *
 * Range: 0 to 1. Undefined without labelled predictions. With a single class among the labels it is that
 * class's recall.
 *
 * Reference: Brodersen et al., The balanced accuracy and its posterior distribution (2010); scikit-learn's
 * `balanced_accuracy_score(adjusted=False)`.
 *
 * @example
 * const matrix = confusionMatrix([
 *   { prediction: 'a', label: 'a', count: 3 },
 *   { prediction: 'a', label: 'b', count: 1 },
 * ]);
 * balancedAccuracy(matrix); // { defined: true, value: 0.5 }
 */
export function balancedAccuracy(matrix: ConfusionMatrix): Computed {
  let sum = 0;
  let labels = 0;
  for (const { labelled, correct } of matrix.classes.values()) {
    if (labelled === 0) continue;
    labels += 1;
    sum += correct / labelled;
  }
  return labels === 0 ? undefinedBecause('no prediction has a label') : defined(sum / labels);
}
