import { logBinomial } from '../hypothesis/binomial-probability.ts';
import { normalSurvival } from '../hypothesis/normal-survival.ts';
import type { ConfidenceInterval } from './confidence-interval.ts';

/** Halvings of where an end may lie: the last digits of a double. */
const HALVINGS = 55;

/**
 * Confidence interval of a share that never holds with less confidence than it says: all shares that the exact binomial test
 * does not reject, on either side.
 *
 * Wilson's interval keeps its confidence on average. Far out, where many intervals have to hold together, it does not: of 60
 * items with a share of 0.95, its upper end lies below that share five times as often as it should at z = 3.3.
 *
 * Reference: Clopper and Pearson, The use of confidence or fiducial limits illustrated in the case of the binomial, Biometrika
 * 26 (1934); SciPy's `binomtest(k, n).proportion_ci(method='exact')`.
 *
 * @param successes whole, 0 to n
 * @param n whole, above 0
 * @param z the normal quantile of either side, such as 1.96 for 95 %
 * @throws RangeError for arguments outside these ranges.
 *
 * @example
 * exactShareInterval(80, 100, 1.959964); // { lower: 0.7082, upper: 0.8733 }
 */
export function exactShareInterval(successes: number, n: number, z: number): ConfidenceInterval {
  if (!(n > 0 && successes >= 0 && successes <= n)) throw new RangeError(`${successes} of ${n} is no share`);
  const tail = normalSurvival(z);
  return { lower: lowerEnd(successes, n, tail), upper: 1 - lowerEnd(n - successes, n, tail) };
}

/** The largest chance under which so many successes, or more, are as improbable as `tail`. */
function lowerEnd(successes: number, n: number, tail: number): number {
  if (successes === 0) return 0;
  let [low, high] = [0, successes / n];
  for (let i = 0; i < HALVINGS; i += 1) {
    const middle = (low + high) / 2;
    if (atLeast(successes, n, middle) < tail) low = middle;
    else high = middle;
  }
  return low;
}

/** The probability of so many successes or more, where they are no fewer than expected: each further one is less probable. */
function atLeast(successes: number, n: number, chance: number): number {
  let probability = Math.exp(logBinomial(successes, n, chance, 1 - chance));
  let sum = probability;
  for (let k = successes; k < n && probability > sum * Number.EPSILON; k += 1) {
    probability *= ((n - k) / (k + 1)) * (chance / (1 - chance));
    sum += probability;
  }
  return sum;
}
