/**
 * Benjamini-Hochberg adjustment of a family of p-values. Calling every feature with an adjusted value
 * (q-value) of at most 0.01 drifted means that no more than 1 % of those calls are expected to be false.
 *
 * The k-th smallest of N p-values is multiplied by N / k; each result is then lowered to the smallest that a
 * larger p-value got, and capped at 1. The control holds for independent and for positively dependent tests.
 *
 * Returns one value per p-value, in the order given: 0 to 1, never below the p-value, in the same order of
 * size. Equal p-values get equal results. An empty family gives an empty array; leave features without a
 * p-value out of it.
 *
 * Reference: Benjamini and Hochberg, Journal of the Royal Statistical Society B 57 (1995); statsmodels'
 * `multipletests(method='fdr_bh')`.
 *
 * @throws RangeError when a p-value lies outside 0 to 1.
 *
 * @example
 * benjaminiHochberg([0.01, 0.04, 0.03]); // [0.03, 0.04, 0.04]
 */
export function benjaminiHochberg(pValues: readonly number[]): number[] {
  for (const pValue of pValues) {
    if (!(pValue >= 0 && pValue <= 1)) throw new RangeError(`${pValue} is not a p-value`);
  }
  const descending = pValues.map((pValue, position) => ({ pValue, position }));
  descending.sort((a, b) => b.pValue - a.pValue);
  const adjusted = new Array<number>(pValues.length);
  let smallest = 1;
  descending.forEach(({ pValue, position }, i) => {
    const share = (pValues.length - i) / pValues.length;
    smallest = Math.min(smallest, pValue / share);
    adjusted[position] = smallest;
  });
  return adjusted;
}
