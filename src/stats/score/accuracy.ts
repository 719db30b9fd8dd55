import { type Computed, defined, undefinedBecause } from '../computed.ts';
import type { ConfusionMatrix } from './confusion.ts';

/**
 * Share of labelled predictions that are right. Easy to read, and of little use for rare classes: always
 * answering "no" scores 0.99 where one item in a hundred is a "yes".
 *
 * Range: 0 to 1. Undefined without labelled predictions.
 *
 * Reference: scikit-learn's `accuracy_score`.
 *
 * @example
 * const matrix = confusionMatrix([
 *   { prediction: 'a', label: 'a', count: 3 },
 *   { prediction: 'a', label: 'b', count: 1 },
 * ]);
 * accuracy(matrix); // { defined: true, value: 0.75 }
 */
export function accuracy(matrix: ConfusionMatrix): Computed {
  if (matrix.total === 0) return undefinedBecause('no prediction has a label');
  return defined(matrix.correct / matrix.total);
}
