import { cellTotals } from '../cell-totals.ts';
import { type Computed, defined } from '../computed.ts';

/**
 * Two-sample Kolmogorov-Smirnov statistic read off a histogram: the largest difference between the two
 * empirical distribution functions at the right edges of the cells.
 *
 * Counts must be in the order of the values. With right-closed cells both functions are known exactly at
 * every edge, so the result is never above the true statistic, and below it by no more than the largest share
 * of the reference that lies inside one cell: 1/K on a grid of K equal-mass cells. If every distinct value is
 * an edge it is exact.
 *
 * Range: 0 to 1; 0 for equal shares, 1 when one sample lies wholly in lower cells than the other.
 * Undefined when either sample is empty.
 *
 * Reference: Smirnov (1939); the two-sample statistic of SciPy's `ks_2samp`.
 *
 * @example
 * ksFromCells([5, 5, 0], [0, 5, 5]); // { defined: true, value: 0.5 }
 */
export function ksFromCells(reference: ArrayLike<number>, current: ArrayLike<number>): Computed {
  const totals = cellTotals(reference, current);
  if (!totals.defined) return totals;
  const { reference: n, current: m } = totals.value;
  let below = 0;
  let belowCurrent = 0;
  let largest = 0;
  for (let i = 0; i < reference.length; i += 1) {
    below += reference[i] as number;
    belowCurrent += current[i] as number;
    largest = Math.max(largest, Math.abs(below / n - belowCurrent / m));
  }
  return defined(largest);
}
