import type { Computed } from '../computed.ts';
import { meanOver, type RegressionMoments } from './regression-moments.ts';

/**
 * Mean error of a regression model: by how much it predicts too high (above 0) or too low (below 0) on
 * average.
 *
 * Mean of prediction minus label. Units: those of the label. Undefined without labelled predictions.
 *
 * @example
 * // Errors 1 and -3 on labels 2 and 4:
 * const sums = { sumError: -2, sumAbsoluteError: 4, sumSquaredError: 10, sumRelativeError: 1.25 };
 * bias({ n: 2, ...sums, sumLabel: 6, sumSquaredLabel: 20 });
 * // { defined: true, value: -1 }
 */
export function bias(moments: RegressionMoments): Computed {
  return meanOver(moments, moments.sumError);
}
