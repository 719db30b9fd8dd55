import { cellTotals } from '../cell-totals.ts';
import { type Computed, defined, undefinedBecause } from '../computed.ts';
import { centredMidranks } from './centred-midranks.ts';
import { linearRankTest } from './linear-rank-test.ts';

export interface MoodResult {
  /** Standardized statistic: above 0 when the current sample is the wider one, about normal without drift. */
  readonly value: number;
  /** Two-sided, 0 to 1. */
  readonly pValue: number;
}

/**
 * Mood's test off two histograms: is one sample spread more widely than the other?
 *
 * A value's score is the square of its rank's distance from the middle rank of both samples; tied values
 * share the mean of the scores that they take up. So a current sample that lies further out, on both sides or
 * on one, has the larger sum. It finds a changed variance long before a test of whole distributions does. It
 * supposes that the middles agree: a shift moves it too, so read it beside `mannWhitneyFromCells`. Counts must
 * be in the order of the values; the p-value is that of `linearRankTest`.
 *
 * Swapping the samples changes the sign of the value and leaves the p-value.
 *
 * Undefined when either sample is empty, when all values lie in one cell, or when no cell is further out than
 * another (as with two cells of equal weight).
 *
 * Reference: Mood, On the asymptotic efficiency of certain nonparametric two-sample tests, Annals of
 * Mathematical Statistics 25 (1954); Mielke, Technometrics 9 (1967), for the ties; SciPy's `mood`.
 *
 * @example
 * moodFromCells([0, 50, 50, 0], [25, 25, 25, 25]); // { defined: true, value: { value: 8.14, pValue: 1.4e-15 } }
 */
export function moodFromCells(
  reference: ArrayLike<number>,
  current: ArrayLike<number>,
): Computed<MoodResult> {
  const totals = cellTotals(reference, current);
  if (!totals.defined) return totals;
  const { reference: n, current: m } = totals.value;
  const size = n + m;
  const scores = centredMidranks(reference, current, size);
  for (let i = 0; i < scores.length; i += 1) {
    const share = ((reference[i] as number) + (current[i] as number)) / size;
    // The mean over the ranks of one tie, less 1/12 of a squared rank, which all scores have in common.
    scores[i] = (scores[i] as number) ** 2 + share ** 2 / 12;
  }
  const test = linearRankTest(scores, reference, current, n, m);
  if (test === undefined) {
    return undefinedBecause(
      'no cell lies further from the middle than another, which leaves nothing to test',
    );
  }
  return defined({ value: test.z, pValue: test.pValue });
}
