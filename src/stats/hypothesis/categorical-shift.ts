import { cellTotals } from '../cell-totals.ts';
import { type Computed, defined, undefinedBecause } from '../computed.ts';
import { chiSquareHomogeneity } from './chi-square-homogeneity.ts';
import { fisherExact } from './fisher-exact.ts';
import { logHypergeometric } from './hypergeometric-probability.ts';
import { poolSparseCategories } from './pool-sparse-categories.ts';

/** Cochran's rule: the chi-square distribution holds where no expected count is below it. */
const LEAST_EXPECTED = 5;

export interface CategoricalShift {
  /** Two-sided, 0 to 1. */
  readonly pValue: number;
  /** Categories that were put together for the chi-square test; 0 when none had to be. */
  readonly pooled: number;
  /** What was done, in words. */
  readonly method: string;
}

/**
 * Have the shares of categories changed? A test that holds at every size, for any number of categories.
 *
 * Two tests look, and twice the smaller of their p-values counts. Pearson's chi-square test sees changes
 * that many categories share; sparse ones are pooled for it, as it raises false alarms over small expected
 * counts. Fisher's exact test of each category against all others, its p-value multiplied by the number of
 * categories (Bonferroni), sees a single category that appears or vanishes, which pooling would hide. With
 * two categories, or when pooling leaves one cell, the exact test alone decides and nothing is doubled.
 *
 * So one new category with twenty occurrences in a thousand is certain news, a thousand new ones of one
 * occurrence each are none by themselves, and a column of identifiers, new on both sides, has a p-value of 1.
 *
 * Undefined when either sample is empty, when there is one category only, or when a count is not whole.
 *
 * Reference: Cochran, Biometrics 10 (1954); Fisher, Statistical Methods for Research Workers (1934).
 *
 * @example
 * categoricalShift([3000, 2000, 0], [590, 390, 20]).value; // pValue: 2.8e-15
 */
export function categoricalShift(
  reference: ArrayLike<number>,
  current: ArrayLike<number>,
): Computed<CategoricalShift> {
  const totals = cellTotals(reference, current);
  if (!totals.defined) return totals;
  const { reference: n, current: m } = totals.value;
  let categories = 0;
  for (let i = 0; i < reference.length; i += 1) {
    if (!Number.isSafeInteger(reference[i]) || !Number.isSafeInteger(current[i])) {
      return undefinedBecause('a count is not a whole number');
    }
    if ((reference[i] as number) + (current[i] as number) > 0) categories += 1;
  }
  if (categories < 2) return undefinedBecause('all values are of one category, which leaves nothing to test');
  const strongest = strongestCategory(reference, current, n, m);
  if (categories === 2) {
    return defined({ pValue: strongest, pooled: 0, method: "Fisher's exact test" });
  }
  const single = Math.min(1, categories * strongest);
  const cells = poolSparseCategories(reference, current, Math.min(n, m) / (n + m), LEAST_EXPECTED);
  const chiSquare = chiSquareHomogeneity(cells.reference, cells.current);
  const exact = `exact test of the strongest of ${categories} categories`;
  if (!chiSquare.defined) return defined({ pValue: single, pooled: cells.pooled, method: exact });
  const pooling = cells.pooled === 0 ? '' : ` (${cells.pooled} sparse categories pooled)`;
  return defined({
    pValue: Math.min(1, 2 * Math.min(single, chiSquare.value.pValue)),
    pooled: cells.pooled,
    method: `chi-square over ${cells.reference.length} cells${pooling} and ${exact}`,
  });
}

/** The smallest p-value of one category against the rest. */
function strongestCategory(
  reference: ArrayLike<number>,
  current: ArrayLike<number>,
  n: number,
  m: number,
): number {
  let smallest = 1;
  for (let i = 0; i < reference.length; i += 1) {
    const count = current[i] as number;
    const before = reference[i] as number;
    // The observed count alone already makes this one's p-value larger.
    if (2 * Math.exp(logHypergeometric(count, m, n, count + before)) >= smallest) continue;
    smallest = Math.min(smallest, fisherExact(count, m, before, n));
  }
  return smallest;
}
