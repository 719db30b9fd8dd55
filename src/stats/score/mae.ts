import type { Computed } from '../computed.ts';
import { meanOver, type RegressionMoments } from './regression-moments.ts';

/**
 * Mean absolute error of a regression model.
 *
 * Units: those of the label. Range: 0 and up. Undefined without labelled predictions.
 *
 * Reference: scikit-learn's `mean_absolute_error`.
 *
 * @example
 * // Errors 1 and -3 on labels 2 and 4:
 * const sums = { sumError: -2, sumAbsoluteError: 4, sumSquaredError: 10, sumRelativeError: 1.25 };
 * mae({ n: 2, ...sums, sumLabel: 6, sumSquaredLabel: 20 });
 * // { defined: true, value: 2 }
 */
export function mae(moments: RegressionMoments): Computed {
  return meanOver(moments, moments.sumAbsoluteError);
}
