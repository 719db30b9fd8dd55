import { cellTotals } from '../cell-totals.ts';
import type { Computed } from '../computed.ts';
import { type ChiSquareResult, chiSquareResult } from './chi-square-homogeneity.ts';

/**
 * G-test of homogeneity: the likelihood-ratio counterpart of the chi-square test, for the same question.
 *
 * Twice the sum of observed ln(observed / expected) over both rows of the 2 x B table; an observed count of 0
 * adds nothing. Expected counts, dropped columns and degrees of freedom are those of `chiSquareHomogeneity`,
 * and so are the cases in which the result is undefined. No continuity correction. Divided by twice the
 * number of values it is the mutual information, in nats, between the cell and the sample that a value came
 * from.
 *
 * Reference: Wilks (1938); SciPy's `chi2_contingency(table, correction=False, lambda_='log-likelihood')`.
 *
 * @example
 * gTest([500, 300, 200], [300, 300, 400]);
 * // { defined: true, value: { statistic: 118.49, degreesOfFreedom: 2, pValue: 1.9e-26 } }
 */
export function gTest(reference: ArrayLike<number>, current: ArrayLike<number>): Computed<ChiSquareResult> {
  const totals = cellTotals(reference, current);
  if (!totals.defined) return totals;
  const { reference: n, current: m } = totals.value;
  let sum = 0;
  let columns = 0;
  for (let i = 0; i < reference.length; i += 1) {
    const a = reference[i] as number;
    const b = current[i] as number;
    if (a + b === 0) continue;
    columns += 1;
    const pooled = (a + b) / (n + m);
    sum += term(a, a / n / pooled) + term(b, b / m / pooled);
  }
  // Terms of both signs cancel; rounding may leave a hair below zero.
  return chiSquareResult(Math.max(0, 2 * sum), columns);
}

function term(observed: number, observedOverExpected: number): number {
  return observed === 0 ? 0 : observed * Math.log(observedOverExpected);
}
