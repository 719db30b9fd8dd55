import { cellShares } from '../cell-shares.ts';
import { type Computed, defined } from '../computed.ts';

/**
 * Hellinger distance: a bounded, symmetric metric between two distributions, more sensitive to rare cells
 * than the total variation.
 *
 * The square root of 1 - sum sqrt(p q), unsmoothed. Computed as the square root of half the sum of
 * (sqrt(p) - sqrt(q))^2, which is the same number without the cancellation: equal shares give exactly 0.
 *
 * Range: 0 to 1; 0 for equal shares, 1 when no cell is hit by both samples.
 * Undefined when either sample is empty.
 *
 * Reference: Pollard, A User's Guide to Measure Theoretic Probability (2002), section 3.3.
 *
 * @example
 * hellinger([500, 500], [400, 600]); // { defined: true, value: 0.0711... }
 */
export function hellinger(reference: ArrayLike<number>, current: ArrayLike<number>): Computed {
  const shares = cellShares(reference, current);
  if (!shares.defined) return shares;
  const { p, q } = shares.value;
  let sum = 0;
  for (let i = 0; i < p.length; i += 1) sum += (Math.sqrt(p[i] as number) - Math.sqrt(q[i] as number)) ** 2;
  return defined(Math.sqrt(Math.min(1, sum / 2)));
}
