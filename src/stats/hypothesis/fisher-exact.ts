import { logHypergeometric } from './hypergeometric-probability.ts';

/**
 * Fisher's exact test of two shares: how often would `count` of n beside `otherCount` of `otherN` differ this
 * much if both samples had the same chance?
 *
 * The total number of counted ones is taken as given, so that the count is hypergeometric under the
 * hypothesis; the smaller of its two tails, the observed count included, is doubled. Exact at every size, and
 * conservative for rare things: a share of 0 that becomes one in fifty can only be so surprising.
 *
 * Terms are summed outward from the observed count until they no longer matter: some ten thousand of them at
 * worst for samples of a milliard. Relative precision is better than 1e-9.
 *
 * Range: 0 to 1. 1 when a sample is empty, or when nothing or everything is counted. The two samples, and
 * counted and not counted, may be swapped.
 *
 * Reference: Fisher, Statistical Methods for Research Workers (1934); Yates, Journal of the Royal Statistical
 * Society A 147 (1984), for doubling.
 *
 * @throws RangeError when a count is no whole number from 0 to its sample's size.
 *
 * @example
 * fisherExact(1, 50, 5, 5000); // 0.1159...
 */
export function fisherExact(count: number, n: number, otherCount: number, otherN: number): number {
  if (!isCountOf(count, n) || !isCountOf(otherCount, otherN)) {
    throw new RangeError(`${count} of ${n} beside ${otherCount} of ${otherN} is no table of counts`);
  }
  const marked = count + otherCount;
  const expected = marked * (n / (n + otherN));
  const probability = Math.exp(logHypergeometric(count, n, otherN, marked));
  if (n === 0 || otherN === 0) return 1;
  // The tail on the side away from the mean; of the lower one it is the count in the other sample that rises.
  const tail =
    count >= expected
      ? probability * tailFactor(count, n, otherN, marked)
      : probability * tailFactor(otherCount, otherN, n, marked);
  return Math.min(1, 2 * Math.min(tail, 1 - tail + probability));
}

/** Sum of the probabilities of `count` and more, as a multiple of that of `count`. */
function tailFactor(count: number, n: number, m: number, marked: number): number {
  let sum = 1;
  let term = 1;
  const end = Math.min(n, marked);
  for (let x = count; x < end && term > sum * Number.EPSILON * 1e-3; x += 1) {
    term *= ((marked - x) / (x + 1)) * ((n - x) / (m - marked + x + 1));
    sum += term;
  }
  return sum;
}

function isCountOf(count: number, size: number): boolean {
  return Number.isSafeInteger(count) && Number.isSafeInteger(size) && count >= 0 && count <= size;
}
