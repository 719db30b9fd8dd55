import { cellShares } from '../cell-shares.ts';
import { type Computed, defined } from '../computed.ts';

/**
 * Jensen-Shannon distance: a bounded, symmetric measure of how different two distributions are. A metric: it
 * meets the triangle inequality.
 *
 * Square root of the mean Kullback-Leibler divergence, base 2, of the two distributions from their average.
 * Shares are not smoothed: an empty cell adds nothing to its own sample's divergence.
 *
 * Range: 0 to 1; 0 for equal shares, 1 when no cell is hit by both samples. In small samples the distance is
 * well above 0 without any drift. Undefined when either sample is empty.
 *
 * Reference: Endres and Schindelin, A new metric for probability distributions, IEEE Transactions on
 * Information Theory 49 (2003). The value is that of SciPy's `jensenshannon(p, q, base=2)`.
 *
 * @example
 * jsDistance([10, 0], [0, 7]); // { defined: true, value: 1 }
 */
export function jsDistance(reference: ArrayLike<number>, current: ArrayLike<number>): Computed {
  const shares = cellShares(reference, current);
  if (!shares.defined) return shares;
  const { p, q } = shares.value;
  let divergence = 0;
  for (let i = 0; i < p.length; i += 1) {
    divergence +=
      towardsAverage(p[i] as number, q[i] as number) + towardsAverage(q[i] as number, p[i] as number);
  }
  return defined(Math.sqrt(Math.min(1, Math.max(0, divergence / 2))));
}

/** One cell's term of the divergence of `share` from the average of both. */
function towardsAverage(share: number, other: number): number {
  return share === 0 ? 0 : share * Math.log2((2 * share) / (share + other));
}
