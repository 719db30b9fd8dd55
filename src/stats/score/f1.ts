import { type Computed, defined, undefinedBecause } from '../computed.ts';
import { type ConfusionMatrix, classCounts } from './confusion.ts';

/**
 * Harmonic mean of precision and recall for the positive class.
 *
 * Twice the true positives over the sum of items predicted as positive and items labelled as positive.
 *
 * Range: 0 to 1. It is 0 when positives were predicted but none is labelled, or the other way round;
 * undefined when the positive class occurs neither among predictions nor among labels (scikit-learn warns
 * there and gives 0).
 *
 * Reference: van Rijsbergen, Information Retrieval (1979); scikit-learn's `f1_score(pos_label=positive)`.
 *
 * @example
 * const matrix = confusionMatrix([
 *   { prediction: 'yes', label: 'yes', count: 3 },
 *   { prediction: 'no', label: 'yes', count: 1 },
 * ]);
 * f1(matrix, 'yes'); // { defined: true, value: 0.857... }
 */
export function f1(matrix: ConfusionMatrix, positive: string): Computed {
  const { labelled, predicted, correct } = classCounts(matrix, positive);
  if (labelled + predicted === 0)
    return undefinedBecause(`nothing is predicted or labelled as "${positive}"`);
  return defined((2 * correct) / (labelled + predicted));
}
