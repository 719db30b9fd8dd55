import { type Computed, definedIfFinite, undefinedBecause } from '../computed.ts';
import type { RegressionMoments } from './regression-moments.ts';

/**
 * Coefficient of determination: the share of the labels' spread that the model explains.
 *
 * One minus the sum of squared errors over the sum of squared deviations of the labels from their mean.
 *
 * Range: up to 1; 0 for a model no better than always answering the mean label, below 0 for a worse one.
 * Undefined for fewer than two labelled predictions (scikit-learn warns), and when the labels are constant
 * (scikit-learn gives 0 or 1) or vary so little beside their size that the sums cannot tell.
 *
 * Reference: scikit-learn's `r2_score`.
 *
 * @example
 * // Errors 1 and -3 on labels 2 and 4:
 * const sums = { sumError: -2, sumAbsoluteError: 4, sumSquaredError: 10, sumRelativeError: 1.25 };
 * r2({ n: 2, ...sums, sumLabel: 6, sumSquaredLabel: 20 });
 * // { defined: true, value: -4 }
 */
export function r2(moments: RegressionMoments): Computed {
  const { n, sumSquaredError, sumLabel, sumSquaredLabel } = moments;
  if (!(n > 0)) return undefinedBecause('no prediction has a label');
  if (n < 2) return undefinedBecause('one labelled prediction has no spread to explain');
  const spread = sumSquaredLabel - (sumLabel / n) * sumLabel;
  if (!Number.isFinite(spread)) return definedIfFinite(spread);
  // What rounding may leave in a sum of n squares; a spread below that is noise.
  const noise = n * Number.EPSILON * sumSquaredLabel;
  if (!(spread > noise)) return undefinedBecause('the labels are constant');
  return definedIfFinite(1 - sumSquaredError / spread);
}
