import { type ConfidenceInterval, Z_95 } from './confidence-interval.ts';

/**
 * Confidence interval of a share: which true shares are compatible with what was counted.
 *
 * The score interval inverts the test of a share, with the variance that the share under test would have. So it lies
 * within 0 to 1, has a width when all or none were successes, and keeps its confidence in small samples, where the share
 * plus or minus its own standard error does not.
 *
 * Reference: Wilson, Probable inference, the law of succession, and statistical inference, Journal of the American
 * Statistical Association 22 (1927); statsmodels' `proportion_confint(method='wilson')`.
 *
 * @param successes 0 to n, not necessarily whole
 * @param n above 0
 * @throws RangeError for arguments outside these ranges.
 *
 * @example
 * wilsonInterval(80, 100); // { lower: 0.7112, upper: 0.8666 }
 */
export function wilsonInterval(successes: number, n: number, z: number = Z_95): ConfidenceInterval {
  if (!(n > 0 && successes >= 0 && successes <= n)) {
    throw new RangeError(`${successes} of ${n} is no share`);
  }
  const share = successes / n;
  const scale = 1 + (z * z) / n;
  const centre = (share + (z * z) / (2 * n)) / scale;
  const reach = (z * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n))) / scale;
  return {
    // Exact at the ends, where rounding would leave a trace.
    lower: successes === 0 ? 0 : Math.max(0, centre - reach),
    upper: successes === n ? 1 : Math.min(1, centre + reach),
  };
}
