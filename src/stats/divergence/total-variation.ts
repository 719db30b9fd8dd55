import { cellShares } from '../cell-shares.ts';
import { type Computed, defined } from '../computed.ts';

/**
 * Total variation distance: the share of the mass that would have to move to turn one distribution into the
 * other.
 *
 * Half the sum of |p - q| over the cells, unsmoothed.
 *
 * Range: 0 to 1; 0 for equal shares, 1 when no cell is hit by both samples. Symmetric.
 * Undefined when either sample is empty.
 *
 * Reference: Levin, Peres and Wilmer, Markov Chains and Mixing Times (2009), chapter 4.
 *
 * @example
 * totalVariation([500, 500], [400, 600]); // { defined: true, value: 0.1 }
 */
export function totalVariation(reference: ArrayLike<number>, current: ArrayLike<number>): Computed {
  const shares = cellShares(reference, current);
  if (!shares.defined) return shares;
  const { p, q } = shares.value;
  let sum = 0;
  for (let i = 0; i < p.length; i += 1) sum += Math.abs((p[i] as number) - (q[i] as number));
  return defined(Math.min(1, sum / 2));
}
