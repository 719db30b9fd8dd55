import { cellTotals } from '../cell-totals.ts';
import { type Computed, defined } from '../computed.ts';

/**
 * The largest change of a single category's share, as Cohen's h: 2 |arcsin sqrt(q) - arcsin sqrt(p)|.
 *
 * On this scale a change is as hard to see everywhere: from 1 % to 4 % is 0.20, as is from 50 % to 60 %, and both take as
 * many values to be told from chance as a shift of a number by 0.20 standard deviations. So it stands beside the
 * standardized distance of numbers. Total variation does not: a rare class that became four times as frequent moves it by 0.03.
 *
 * Range: 0 to pi; 0 for equal shares, pi when all values move from one category to another. Undefined when either
 * sample is empty.
 *
 * Reference: Cohen, Statistical Power Analysis for the Behavioral Sciences (1988), chapter 6.
 *
 * @param reference,current counts over the same categories
 *
 * @example
 * largestCohensH([99, 1], [96, 4]); // { defined: true, value: 0.202... }
 */
export function largestCohensH(reference: ArrayLike<number>, current: ArrayLike<number>): Computed {
  const totals = cellTotals(reference, current);
  if (!totals.defined) return totals;
  const { reference: n, current: m } = totals.value;
  let largest = 0;
  for (let i = 0; i < reference.length; i += 1) {
    const before = Math.asin(Math.sqrt(Math.min(1, (reference[i] as number) / n)));
    const now = Math.asin(Math.sqrt(Math.min(1, (current[i] as number) / m)));
    largest = Math.max(largest, 2 * Math.abs(now - before));
  }
  return defined(largest);
}
