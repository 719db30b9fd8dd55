import { kolmogorovSurvival } from './kolmogorov-survival.ts';

/**
 * Asymptotic p-value of the two-sample Kolmogorov-Smirnov statistic: how often two samples of these sizes
 * from one continuous distribution lie at least this far apart.
 *
 * Kolmogorov's survival function at sqrt(n m / (n + m)) times the statistic. This is the limit for large
 * samples. In small ones, and for data with ties, it tends to be too large rather than too small, so it errs
 * on the side of no alarm.
 *
 * Range: 0 to 1; 1 for a statistic of 0. A value below the smallest double is 0.
 *
 * Reference: Smirnov, Table for estimating the goodness of fit of empirical distributions, Annals of
 * Mathematical Statistics 19 (1948). SciPy's `kstwobign.sf`. (`ks_2samp(method='asymp')` takes the exact
 * distribution for one sample of round(n m / (n + m)) values instead. At the usual limits that is about a tenth
 * less for an effective size of 100, and a third to a half less for one of 10.)
 *
 * @param statistic largest difference of the distribution functions, 0 to 1
 * @param n size of one sample, above 0
 * @param m size of the other, above 0
 * @throws RangeError for arguments outside these ranges: a statistic that exists has none of them.
 *
 * @example
 * kolmogorovPValue(0.1, 500, 500); // 0.0134...
 */
export function kolmogorovPValue(statistic: number, n: number, m: number): number {
  if (!(statistic >= 0 && statistic <= 1 && n > 0 && m > 0)) {
    throw new RangeError(`no Kolmogorov-Smirnov test has statistic ${statistic} and sizes ${n} and ${m}`);
  }
  // The same as n m / (n + m), which could overflow.
  const effectiveSize = n / (1 + n / m);
  return kolmogorovSurvival(Math.sqrt(effectiveSize) * statistic);
}
