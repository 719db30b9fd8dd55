import { type Computed, defined, undefinedBecause } from '../computed.ts';
import { studentSurvival } from './student-survival.ts';

/** What is known of a sample of independent values. */
export interface SampleMoments {
  readonly n: number;
  readonly mean: number;
  /** The sample variance (n-1). */
  readonly variance: number;
}

export interface WelchContrast {
  /** The weighted sum of the means. */
  readonly difference: number;
  readonly standardError: number;
  /** By Welch and Satterthwaite; need not be whole. */
  readonly degreesOfFreedom: number;
  /** Two-sided, under the hypothesis that the weighted sum of the true means is 0. */
  readonly pValue: number;
}

/**
 * Welch's t-test of a weighted sum of means, with variances that may differ: weights 1 and -1 compare two means, and
 * 1, -1, -1, 1 compare how two of them changed.
 *
 * The standard error is the square root of sum(w^2 v / n); the degrees of freedom are its fourth power divided by
 * sum((w^2 v / n)^2 / (n - 1)).
 *
 * Undefined when a sample has fewer than two values, when no sample varies, or past the range of a double.
 *
 * Reference: Welch, Biometrika 34 (1947); Satterthwaite, Biometrics Bulletin 2 (1946); for two samples SciPy's
 * `ttest_ind(equal_var=False)`.
 *
 * @example
 * welchContrast([
 *   { n: 10, mean: 5, variance: 4, weight: 1 },
 *   { n: 20, mean: 3, variance: 1, weight: -1 },
 * ]); // difference 2, standard error 0.6708, 11.31 degrees of freedom, p-value 0.0121
 */
export function welchContrast(
  samples: ReadonlyArray<SampleMoments & { readonly weight: number }>,
): Computed<WelchContrast> {
  let [difference, squared, fourth] = [0, 0, 0];
  for (const { n, mean, variance, weight } of samples) {
    if (n < 2) return undefinedBecause('it takes two values to have a spread');
    const part = (weight * weight * variance) / n;
    difference += weight * mean;
    squared += part;
    fourth += (part * part) / (n - 1);
  }
  const standardError = Math.sqrt(squared);
  const degreesOfFreedom = (squared * squared) / fourth;
  if (![difference, standardError, degreesOfFreedom].every(Number.isFinite)) {
    return undefinedBecause('none of the samples varies, or their sums are too large for a double');
  }
  const pValue = 2 * studentSurvival(Math.abs(difference) / standardError, degreesOfFreedom);
  return defined({ difference, standardError, degreesOfFreedom, pValue: Math.min(1, pValue) });
}
