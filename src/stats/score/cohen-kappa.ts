import { type Computed, defined, undefinedBecause } from '../computed.ts';
import type { ConfusionMatrix } from './confusion.ts';

/**
 * How much of the agreement between predictions and labels is more than chance: 0 for two raters who answer
 * independently with these frequencies of classes, 1 for full agreement.
 *
 * One minus the share of wrong predictions over the share that would be wrong if predictions were dealt out at
 * random. Unweighted: all mistakes are alike.
 *
 * Range: -1 to 1. Undefined without labelled predictions, and when all predictions and all labels are of one and
 * the same class: 0/0, where scikit-learn gives NaN.
 *
 * Reference: Cohen, A coefficient of agreement for nominal scales, Educational and Psychological Measurement 20
 * (1960); scikit-learn's `cohen_kappa_score`.
 *
 * @example
 * const matrix = confusionMatrix([
 *   { prediction: 'a', label: 'a', count: 2 },
 *   { prediction: 'b', label: 'a', count: 1 },
 *   { prediction: 'b', label: 'b', count: 1 },
 * ]);
 * cohenKappa(matrix); // { defined: true, value: 0.5 }
 */
export function cohenKappa(matrix: ConfusionMatrix): Computed {
  const { total, correct, classes } = matrix;
  if (total === 0) return undefinedBecause('no prediction has a label');
  if (classes.size === 1) return undefinedBecause('all labels and predictions are of one class');
  let wrongByChance = 0;
  for (const { labelled, predicted } of classes.values()) {
    wrongByChance += (labelled / total) * ((total - predicted) / total);
  }
  return defined(1 - (total - correct) / total / wrongByChance);
}
