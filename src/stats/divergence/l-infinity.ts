import { cellShares } from '../cell-shares.ts';
import { type Computed, defined } from '../computed.ts';

/**
 * L-infinity distance: by how much the share of the most changed cell has changed. Easy to explain, and blind
 * to many small changes.
 *
 * Largest |p - q| over the cells, unsmoothed.
 *
 * Range: 0 to 1; 0 for equal shares. Symmetric. Never above the total variation.
 * Undefined when either sample is empty.
 *
 * Reference: the Chebyshev distance between the two vectors of shares.
 *
 * @example
 * lInfinity([50, 30, 20], [30, 30, 40]); // { defined: true, value: 0.2 }
 */
export function lInfinity(reference: ArrayLike<number>, current: ArrayLike<number>): Computed {
  const shares = cellShares(reference, current);
  if (!shares.defined) return shares;
  const { p, q } = shares.value;
  let largest = 0;
  for (let i = 0; i < p.length; i += 1)
    largest = Math.max(largest, Math.abs((p[i] as number) - (q[i] as number)));
  return defined(largest);
}
