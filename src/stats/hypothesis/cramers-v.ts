import { cellTotals } from '../cell-totals.ts';
import { type Computed, defined } from '../computed.ts';
import { chiSquareHomogeneity } from './chi-square-homogeneity.ts';

/**
 * Cramér's V of the 2 x B table of two samples: the chi-square statistic as a size that does not grow with
 * the number of values.
 *
 * Square root of chi-square / (n + m). (The general form also divides by the smaller side of the table minus
 * one, which is 1 for two samples.) No bias correction: small samples over many cells give values above 0
 * without any drift.
 *
 * Range: 0 to 1; 0 for equal shares, 1 when no cell is hit by both samples. With samples of very different
 * sizes it stays small even for a large shift. Undefined where `chiSquareHomogeneity` is.
 *
 * Reference: Cramér, Mathematical Methods of Statistics (1946), chapter 21.
 *
 * @example
 * cramersV([500, 300, 200], [300, 300, 400]); // { defined: true, value: 0.2415... }
 */
export function cramersV(reference: ArrayLike<number>, current: ArrayLike<number>): Computed {
  const totals = cellTotals(reference, current);
  if (!totals.defined) return totals;
  const test = chiSquareHomogeneity(reference, current);
  if (!test.defined) return test;
  const size = totals.value.reference + totals.value.current;
  return defined(Math.min(1, Math.sqrt(test.value.statistic / size)));
}
