import { type Computed, defined, undefinedBecause } from './computed.ts';

export interface CellTotals {
  readonly reference: number;
  readonly current: number;
}

/**
 * The sample sizes behind two histograms over the same cells.
 *
 * Undefined when either sample is empty, or when a count is negative or not finite.
 *
 * @throws RangeError when the histograms have different numbers of cells: they cannot be over the same cells.
 *
 * @example
 * cellTotals([2, 3], [1, 0]); // { defined: true, value: { reference: 5, current: 1 } }
 */
export function cellTotals(reference: ArrayLike<number>, current: ArrayLike<number>): Computed<CellTotals> {
  if (reference.length !== current.length) {
    throw new RangeError(`cannot compare ${reference.length} cells with ${current.length}`);
  }
  const n = total(reference);
  const m = total(current);
  if (n === undefined) return undefinedBecause('a reference count is negative or not finite');
  if (m === undefined) return undefinedBecause('a current count is negative or not finite');
  if (n === 0) return undefinedBecause('the reference has no values');
  if (m === 0) return undefinedBecause('the current sample has no values');
  return defined({ reference: n, current: m });
}

function total(counts: ArrayLike<number>): number | undefined {
  let sum = 0;
  for (let i = 0; i < counts.length; i += 1) {
    const count = counts[i] as number;
    if (!(count >= 0)) return undefined;
    sum += count;
  }
  return Number.isFinite(sum) ? sum : undefined;
}
