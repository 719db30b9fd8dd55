import { cellTotals } from '../cell-totals.ts';
import { type Computed, defined, undefinedBecause } from '../computed.ts';
import { centredMidranks } from './centred-midranks.ts';
import { linearRankTest } from './linear-rank-test.ts';

export interface MannWhitneyResult {
  /**
   * Probability that a value of the current sample is larger than one of the reference, a tie counting half:
   * 0 to 1, 0.5 where neither sample is the larger.
   */
  readonly value: number;
  /** Two-sided, 0 to 1. */
  readonly pValue: number;
}

/**
 * Mann-Whitney test off two histograms: does one sample tend to larger values than the other?
 *
 * It sees a shift sooner than any test of whole distributions does, whatever the scale of the feature, and
 * outliers do not touch it; it does not see a change in width only. Counts must be in the order of the
 * values. Values in one cell are ties, with midranks; the p-value is that of `linearRankTest`, which holds
 * with ties of any weight.
 *
 * The value is the area under the ROC curve of telling the samples apart by size. Swapping the samples turns
 * it into one minus itself and leaves the p-value.
 *
 * Undefined when either sample is empty, or when all values lie in one cell.
 *
 * Reference: Mann and Whitney, Annals of Mathematical Statistics 18 (1947); SciPy's `mannwhitneyu`, whose
 * asymptotic p-value has the normal distribution in place of the skewed one.
 *
 * @example
 * mannWhitneyFromCells([5, 5, 0], [0, 5, 5]); // { defined: true, value: { value: 0.875, pValue: 0.0055 } }
 */
export function mannWhitneyFromCells(
  reference: ArrayLike<number>,
  current: ArrayLike<number>,
): Computed<MannWhitneyResult> {
  const totals = cellTotals(reference, current);
  if (!totals.defined) return totals;
  const { reference: n, current: m } = totals.value;
  const test = linearRankTest(centredMidranks(reference, current, n + m), reference, current, n, m);
  if (test === undefined) {
    return undefinedBecause('all values lie in one cell, which leaves nothing to test');
  }
  let below = 0;
  let wins = 0;
  for (let i = 0; i < reference.length; i += 1) {
    wins += ((current[i] as number) / m) * (below + (reference[i] as number) / 2 / n);
    below += (reference[i] as number) / n;
  }
  return defined({ value: Math.min(1, wins), pValue: test.pValue });
}
