import { type Computed, defined, undefinedBecause } from '../computed.ts';
import type { ConfusionMatrix } from './confusion.ts';

/**
 * Matthews correlation coefficient: one number for a classifier that rare classes cannot flatter. For two
 * classes it is Pearson's correlation of prediction and label; for more, Gorodkin's R_K.
 *
 * The covariance of label and prediction over the square root of the product of their variances, where each
 * is a row of zeros with a one in its class.
 *
 * Range: -1 to 1 (with more than two classes the lower end lies between -1 and 0); 0 is no better than
 * chance. Undefined without labelled predictions, and when all labels or all predictions are of one class:
 * 0/0, for which scikit-learn gives 0, as if a model that is always right on a one-class window had become
 * useless.
 *
 * Reference: Gorodkin, Comparing two K-category assignments by a K-category correlation coefficient,
 * Computational Biology and Chemistry 28 (2004); scikit-learn's `matthews_corrcoef`.
 *
 * @example
 * const matrix = confusionMatrix([
 *   { prediction: 'a', label: 'a', count: 3 },
 *   { prediction: 'b', label: 'b', count: 1 },
 * ]);
 * matthewsCorrelation(matrix); // { defined: true, value: 1 }
 */
export function matthewsCorrelation(matrix: ConfusionMatrix): Computed {
  const { total, classes } = matrix;
  if (total === 0) return undefinedBecause('no prediction has a label');
  let covariance = 0;
  let labelVariance = 0;
  let predictionVariance = 0;
  // Shares rather than counts: products of counts lose digits, and may overflow.
  for (const { labelled, predicted, correct } of classes.values()) {
    covariance += correct / total - (labelled / total) * (predicted / total);
    labelVariance += (labelled / total) * ((total - labelled) / total);
    predictionVariance += (predicted / total) * ((total - predicted) / total);
  }
  if (labelVariance === 0) return undefinedBecause('all labels are of one class');
  if (predictionVariance === 0) return undefinedBecause('all predictions are of one class');
  const correlation = covariance / Math.sqrt(labelVariance) / Math.sqrt(predictionVariance);
  return defined(Math.min(1, Math.max(-1, correlation)));
}
