import { type Computed, definedIfFinite } from '../computed.ts';
import { meanOver, type RegressionMoments } from './regression-moments.ts';

/**
 * Root mean squared error of a regression model; large errors weigh more than in `mae`.
 *
 * Units: those of the label. Range: 0 and up, never below `mae`. Undefined without labelled predictions.
 *
 * Reference: the square root of scikit-learn's `mean_squared_error`.
 *
 * @example
 * // Errors 1 and -3 on labels 2 and 4:
 * const sums = { sumError: -2, sumAbsoluteError: 4, sumSquaredError: 10, sumRelativeError: 1.25 };
 * rmse({ n: 2, ...sums, sumLabel: 6, sumSquaredLabel: 20 });
 * // { defined: true, value: 2.236... }
 */
export function rmse(moments: RegressionMoments): Computed {
  const meanSquare = meanOver(moments, moments.sumSquaredError);
  return meanSquare.defined ? definedIfFinite(Math.sqrt(meanSquare.value)) : meanSquare;
}
