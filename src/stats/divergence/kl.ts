import { cellShares } from '../cell-shares.ts';
import { type Computed, defined } from '../computed.ts';

/**
 * Kullback-Leibler divergence of the current sample from the reference, in nats: the information lost when
 * the reference stands in for what is seen now.
 *
 * Sum over the B cells of q ln(q / p), where p is the reference's share and q the current one, both smoothed
 * as (c + 0.5) / (n + 0.5 B) so that a category new to the reference does not make the value infinite.
 *
 * Range: 0 and up; 0 for identical counts. Not symmetric.
 * Undefined when either sample is empty.
 *
 * Reference: Kullback and Leibler, On information and sufficiency, Annals of Mathematical Statistics 22
 * (1951).
 *
 * @example
 * kl([500, 500], [400, 600]); // { defined: true, value: 0.0201... }
 */
export function kl(reference: ArrayLike<number>, current: ArrayLike<number>): Computed {
  const shares = cellShares(reference, current, 0.5);
  if (!shares.defined) return shares;
  const { p, q } = shares.value;
  let sum = 0;
  for (let i = 0; i < p.length; i += 1) {
    const actual = q[i] as number;
    sum += actual * Math.log(actual / (p[i] as number));
  }
  // Terms of both signs cancel; rounding may leave a hair below zero.
  return defined(Math.max(0, sum));
}
