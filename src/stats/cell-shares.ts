import { cellTotals } from './cell-totals.ts';
import { type Computed, defined } from './computed.ts';

/** Shares of two samples over the same cells; p of the reference, q of the current sample. Each sums to 1. */
export interface CellShares {
  readonly p: Float64Array;
  readonly q: Float64Array;
}

/**
 * Turns two histograms over the same B cells into shares.
 *
 * A share is (c + s) / (n + s B), where c is the cell's count, n the sample size and s the `smoothing`. With
 * s = 0 an empty cell has share 0; with s = 0.5 (the Krichevsky-Trofimov estimate) no share is 0, so that a
 * logarithm of a ratio exists even for a cell that one sample never hit.
 *
 * Undefined under the conditions of `cellTotals`. Smoothing does not help an empty sample: it would be
 * compared with a uniform distribution that nobody observed.
 */
export function cellShares(
  reference: ArrayLike<number>,
  current: ArrayLike<number>,
  smoothing = 0,
): Computed<CellShares> {
  const totals = cellTotals(reference, current);
  if (!totals.defined) return totals;
  return defined({
    p: shares(reference, totals.value.reference, smoothing),
    q: shares(current, totals.value.current, smoothing),
  });
}

function shares(counts: ArrayLike<number>, total: number, smoothing: number): Float64Array {
  const found = new Float64Array(counts.length);
  const whole = total + smoothing * counts.length;
  // A loop: this is where comparing many small samples spends its time.
  for (let i = 0; i < found.length; i += 1) found[i] = ((counts[i] as number) + smoothing) / whole;
  return found;
}
