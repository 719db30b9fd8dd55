/**
 * Exact two-sided p-values, by the smaller tail doubled, of the sum of m scores that are dealt from cells of
 * tied values: by the sum itself.
 *
 * @param totals values a cell
 * @param scores whole and 0 or more, one a cell
 */
export function exactRankPValues(
  totals: readonly number[],
  scores: readonly number[],
  m: number,
): ReadonlyMap<number, number> {
  const ways = waysToReach(totals, scores, m);
  const all = [...ways.values()].reduce((sum, count) => sum + count, 0);
  const sums = [...ways.keys()].sort((a, b) => a - b);
  const pValues = new Map<number, number>();
  let below = 0;
  for (const sum of sums) {
    const here = (ways.get(sum) as number) / all;
    below += here;
    // Sums of small numbers first: the upper tail is added up by itself below.
    pValues.set(sum, below);
  }
  let above = 0;
  for (const sum of sums.reverse()) {
    above += (ways.get(sum) as number) / all;
    pValues.set(sum, Math.min(1, 2 * Math.min(above, pValues.get(sum) as number)));
  }
  return pValues;
}

/** In how many ways each sum comes about: a convolution over the cells, by the number of values taken so far. */
function waysToReach(
  totals: readonly number[],
  scores: readonly number[],
  m: number,
): ReadonlyMap<number, number> {
  let taken: Array<Map<number, number>> = [new Map([[0, 1]])];
  totals.forEach((total, cell) => {
    const next = Array.from({ length: m + 1 }, () => new Map<number, number>());
    taken.forEach((sums, already) => {
      let choices = 1;
      for (let k = 0; k <= Math.min(total, m - already); k += 1) {
        const into = next[already + k] as Map<number, number>;
        for (const [sum, count] of sums) {
          const reached = sum + k * (scores[cell] as number);
          into.set(reached, (into.get(reached) ?? 0) + count * choices);
        }
        choices *= (total - k) / (k + 1);
      }
    });
    taken = next;
  });
  return taken[m] as ReadonlyMap<number, number>;
}
