import type { Computed } from '../computed.ts';
import { accuracy } from './accuracy.ts';
import type { ConfusionMatrix } from './confusion.ts';

/**
 * Recall in which every class weighs as much as it occurs among the labels.
 *
 * The weights cancel the denominators, so it is always the same as the accuracy. It has a name of its own for
 * those who look for it beside its siblings.
 *
 * Range: 0 to 1. Undefined without labelled predictions.
 *
 * Reference: scikit-learn's `recall_score(average='weighted')`.
 *
 * @example
 * const matrix = confusionMatrix([
 *   { prediction: 'a', label: 'a', count: 3 },
 *   { prediction: 'a', label: 'b', count: 1 },
 * ]);
 * recallWeighted(matrix); // { defined: true, value: 0.75 }
 */
export function recallWeighted(matrix: ConfusionMatrix): Computed {
  return accuracy(matrix);
}
