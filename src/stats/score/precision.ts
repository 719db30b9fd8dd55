import { type Computed, defined, undefinedBecause } from '../computed.ts';
import { type ConfusionMatrix, classCounts } from './confusion.ts';

/**
 * How far a positive prediction can be trusted: the share of items predicted as the positive class that carry
 * its label.
 *
 * Range: 0 to 1. Undefined when nothing was predicted as positive (scikit-learn warns there and gives 0).
 *
 * Reference: scikit-learn's `precision_score(pos_label=positive)`.
 *
 * @example
 * const matrix = confusionMatrix([
 *   { prediction: 'yes', label: 'yes', count: 3 },
 *   { prediction: 'yes', label: 'no', count: 1 },
 * ]);
 * precision(matrix, 'yes'); // { defined: true, value: 0.75 }
 */
export function precision(matrix: ConfusionMatrix, positive: string): Computed {
  const { predicted, correct } = classCounts(matrix, positive);
  if (predicted === 0) return undefinedBecause(`nothing was predicted as "${positive}"`);
  return defined(correct / predicted);
}
