import { cellShares } from '../cell-shares.ts';
import { type Computed, defined } from '../computed.ts';

/**
 * Population stability index: how far a sample's distribution has moved from the reference, as credit scoring
 * measures it. Equal to the symmetric Kullback-Leibler (Jeffreys) divergence, in nats.
 *
 * Sum over the B cells of (q - p) ln(q / p), where the shares are smoothed as (c + 0.5) / (n + 0.5 B). The
 * smoothing keeps the value finite when a cell is empty in one sample; it also means that two samples in
 * equal proportions but of different sizes differ by a little more than 0.
 *
 * Range: 0 and up; 0 for identical counts. Symmetric in its arguments. Common reading: below 0.1 stable,
 * above 0.25 moved. Noise alone gives about (B-1)(1/n + 1/m): see `psiAdjusted`. Undefined when either sample
 * is empty.
 *
 * Reference: Lewis, An Introduction to Credit Scoring (1994); Yurdakul and Naranjo, Statistical properties of
 * the population stability index, Journal of Risk Model Validation 14 (2020).
 *
 * @example
 * psi([500, 500], [400, 600]); // { defined: true, value: 0.0405... }
 */
export function psi(reference: ArrayLike<number>, current: ArrayLike<number>): Computed {
  const shares = cellShares(reference, current, 0.5);
  if (!shares.defined) return shares;
  const { p, q } = shares.value;
  let sum = 0;
  for (let i = 0; i < p.length; i += 1) {
    const expected = p[i] as number;
    const actual = q[i] as number;
    sum += (actual - expected) * logRatio(actual, expected);
  }
  return defined(sum);
}

/** ln(a / b) of shares, also where they are nearly the same: their difference is exact then, and their quotient is not. */
function logRatio(a: number, b: number): number {
  const more = (a - b) / b;
  return Math.abs(more) < 0.5 ? Math.log1p(more) : Math.log(a / b);
}
