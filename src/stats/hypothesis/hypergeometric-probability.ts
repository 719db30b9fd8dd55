import { logBinomial } from './binomial-probability.ts';

/**
 * Logarithm of a hypergeometric probability: of `count` marked ones among n that are drawn from n + m, of
 * which `marked` are marked.
 *
 * Written as a ratio of binomial probabilities in Loader's saddle-point form, in which nothing large cancels:
 * a sum of log-gamma functions of counts of a milliard would leave five digits.
 *
 * -Infinity where it cannot happen.
 *
 * Reference: Loader, Fast and accurate computation of binomial probabilities (2000); R's `dhyper`.
 *
 * @param count whole, as are the others
 */
export function logHypergeometric(count: number, n: number, m: number, marked: number): number {
  const size = n + m;
  if (count < 0 || count > n || count > marked || marked - count > m) return Number.NEGATIVE_INFINITY;
  if (n === 0 || m === 0) return 0;
  return (
    logBinomial(count, marked, n / size, m / size) +
    logBinomial(n - count, size - marked, n / size, m / size) -
    logBinomial(n, size, n / size, m / size)
  );
}
