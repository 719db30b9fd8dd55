import { type Computed, definedIfFinite, undefinedBecause } from '../computed.ts';
import { interpolate } from '../quantile/interpolate.ts';

/** A sample of absolute errors as its distinct values, ascending, and how often each occurs. */
export interface ErrorCounts {
  readonly errors: ArrayLike<number>;
  readonly counts: ArrayLike<number>;
}

/**
 * Median of the absolute errors of a regression model; unlike `mae` it does not mind a few large ones.
 *
 * The middle one of the errors, or the mean of the two in the middle.
 *
 * Units: those of the label. Range: 0 and up. Undefined without labelled predictions.
 *
 * Reference: scikit-learn's `median_absolute_error`.
 *
 * @example
 * medianAbsoluteError({ errors: [0, 1, 5], counts: [1, 2, 1] }); // { defined: true, value: 1 }
 */
export function medianAbsoluteError({ errors, counts }: ErrorCounts): Computed {
  let n = 0;
  for (let i = 0; i < counts.length; i += 1) n += counts[i] as number;
  if (n === 0) return undefinedBecause('no prediction has a label');
  const at = (rank: number): number => {
    let below = 0;
    for (let i = 0; i < counts.length; i += 1) {
      below += counts[i] as number;
      if (below > rank) return errors[i] as number;
    }
    return errors[errors.length - 1] as number;
  };
  return definedIfFinite(interpolate(at(Math.ceil(n / 2) - 1), at(Math.floor(n / 2)), 0.5));
}
