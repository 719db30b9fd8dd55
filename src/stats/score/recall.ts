import { type Computed, defined, undefinedBecause } from '../computed.ts';
import { type ConfusionMatrix, classCounts } from './confusion.ts';

/**
 * How much of the positive class is found: the share of items with its label that were predicted as it. Also
 * called sensitivity or true positive rate.
 *
 * Range: 0 to 1. Undefined when nothing is labelled as positive (scikit-learn warns there and gives 0).
 *
 * Reference: scikit-learn's `recall_score(pos_label=positive)`.
 *
 * @example
 * const matrix = confusionMatrix([
 *   { prediction: 'yes', label: 'yes', count: 3 },
 *   { prediction: 'no', label: 'yes', count: 1 },
 * ]);
 * recall(matrix, 'yes'); // { defined: true, value: 0.75 }
 */
export function recall(matrix: ConfusionMatrix, positive: string): Computed {
  const { labelled, correct } = classCounts(matrix, positive);
  if (labelled === 0) return undefinedBecause(`nothing is labelled as "${positive}"`);
  return defined(correct / labelled);
}
