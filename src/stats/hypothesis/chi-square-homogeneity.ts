import { cellTotals } from '../cell-totals.ts';
import { type Computed, defined, undefinedBecause } from '../computed.ts';
import { chiSquareSurvival } from './chi-square-survival.ts';

export interface ChiSquareResult {
  /** 0 and up. */
  readonly statistic: number;
  /** Cells hit by at least one sample, minus one. */
  readonly degreesOfFreedom: number;
  /** 0 to 1. */
  readonly pValue: number;
}

/**
 * Pearson's chi-square test of homogeneity: were both samples drawn from one distribution over the cells?
 *
 * The statistic is the sum of (observed - expected)^2 / expected over both rows of the 2 x B table, where the
 * expected counts share each column in proportion to the sample sizes. Both samples are taken as random: the
 * reference is not an exact distribution, and treating it as one gives false alarms by the dozen. No
 * continuity correction. Columns that neither sample hit are left out.
 *
 * The p-value is asymptotic; take it with care when many expected counts are below 5.
 * Undefined when either sample is empty, or when all values lie in one cell: that leaves nothing to test.
 *
 * Reference: Pearson (1900); SciPy's `chi2_contingency(table, correction=False)`.
 *
 * @example
 * chiSquareHomogeneity([500, 300, 200], [300, 300, 400]);
 * // { defined: true, value: { statistic: 116.67, degreesOfFreedom: 2, pValue: 4.6e-26 } }
 */
export function chiSquareHomogeneity(
  reference: ArrayLike<number>,
  current: ArrayLike<number>,
): Computed<ChiSquareResult> {
  const totals = cellTotals(reference, current);
  if (!totals.defined) return totals;
  const { reference: n, current: m } = totals.value;
  let statistic = 0;
  let columns = 0;
  for (let i = 0; i < reference.length; i += 1) {
    const column = (reference[i] as number) + (current[i] as number);
    if (column === 0) continue;
    columns += 1;
    // Both rows at once: their deviations from the expected count are equal and opposite.
    const difference = (reference[i] as number) / n - (current[i] as number) / m;
    statistic += difference ** 2 * (n / column) * m;
  }
  return chiSquareResult(statistic, columns);
}

/** Puts a statistic of a 2 x B table beside its p-value; shared with the likelihood-ratio test. */
export function chiSquareResult(statistic: number, columns: number): Computed<ChiSquareResult> {
  if (columns < 2) return undefinedBecause('all values lie in one cell, which leaves nothing to test');
  if (!Number.isFinite(statistic)) return undefinedBecause('the statistic is too large for a double');
  const degreesOfFreedom = columns - 1;
  return defined({ statistic, degreesOfFreedom, pValue: chiSquareSurvival(statistic, degreesOfFreedom) });
}
