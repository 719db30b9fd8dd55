export interface PooledCategories {
  readonly reference: readonly number[];
  readonly current: readonly number[];
  /** How many categories were put together into one cell; 0 when none had to be. */
  readonly pooled: number;
}

/**
 * Puts sparse categories together, so that every cell left has an expected count of at least `least` in the
 * smaller sample: that is what the chi-square distribution needs in order to hold (Cochran's rule has 5).
 *
 * A category is sparse by its count in both samples together, which keeps the choice blind to how they
 * differ. The sparse ones go into one cell; if that is still sparse, the smallest other joins them, and any
 * that is as small, lest the order of the categories decide. A category that neither sample has is left out.
 *
 * Reference: Cochran, Some methods for strengthening the common chi-square tests, Biometrics 10 (1954).
 *
 * @param share of the smaller sample among all values, above 0
 */
export function poolSparseCategories(
  reference: ArrayLike<number>,
  current: ArrayLike<number>,
  share: number,
  least: number,
): PooledCategories {
  const totals = Array.from(reference, (count, i) => count + (current[i] as number));
  let inSparse = 0;
  let smallestOther = Number.POSITIVE_INFINITY;
  for (const total of totals) {
    if (total * share < least) inSparse += total;
    else smallestOther = Math.min(smallestOther, total);
  }
  const joined = inSparse > 0 && inSparse * share < least ? smallestOther : 0;
  const isPooled = (total: number): boolean => total * share < least || total <= joined;
  const cellsOf = (counts: ArrayLike<number>): number[] => {
    const own: number[] = [];
    let pool = 0;
    totals.forEach((total, i) => {
      if (isPooled(total)) pool += counts[i] as number;
      else own.push(counts[i] as number);
    });
    return inSparse > 0 ? [...own, pool] : own;
  };
  return {
    reference: cellsOf(reference),
    current: cellsOf(current),
    pooled: totals.filter((total) => total > 0 && isPooled(total)).length,
  };
}
