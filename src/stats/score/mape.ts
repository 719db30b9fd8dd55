import type { Computed } from '../computed.ts';
import { meanOver, type RegressionMoments } from './regression-moments.ts';

/**
 * Mean absolute percentage error of a regression model, as a share: 0.05 is 5 %.
 *
 * Mean of |error| / max(|label|, 2^-52). A label of 0 thus counts with an astronomical number rather than not at
 * all; where labels come near 0, use `mae`.
 *
 * Range: 0 and up. Undefined without labelled predictions.
 *
 * Reference: scikit-learn's `mean_absolute_percentage_error`.
 *
 * @example
 * // Errors 1 and -3 on labels 2 and 4:
 * const sums = { sumError: -2, sumAbsoluteError: 4, sumSquaredError: 10, sumRelativeError: 1.25 };
 * mape({ n: 2, ...sums, sumLabel: 6, sumSquaredLabel: 20 });
 * // { defined: true, value: 0.625 }
 */
export function mape(moments: RegressionMoments): Computed {
  return meanOver(moments, moments.sumRelativeError);
}

/** What one prediction adds to `sumRelativeError`. */
export function relativeError(prediction: number, label: number): number {
  return Math.abs(prediction - label) / Math.max(Math.abs(label), Number.EPSILON);
}
