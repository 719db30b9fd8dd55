export interface ExactDistances {
  /** Two-sample Kolmogorov-Smirnov statistic. */
  readonly ks: number;
  /** Area between the two empirical distribution functions. */
  readonly wasserstein: number;
}

/** Both distances from the values themselves: one walk over the two sorted samples, from one distinct value to the next. */
export function exactDistances(reference: readonly number[], current: readonly number[]): ExactDistances {
  const left = Float64Array.from(reference).sort();
  const right = Float64Array.from(current).sort();
  const values = Float64Array.from(new Set([...left, ...right])).sort();
  let [below, belowCurrent, ks, wasserstein] = [0, 0, 0, 0];
  values.forEach((value, i) => {
    while (below < left.length && (left[below] as number) <= value) below += 1;
    while (belowCurrent < right.length && (right[belowCurrent] as number) <= value) belowCurrent += 1;
    const gap = Math.abs(below / left.length - belowCurrent / right.length);
    const next = values[i + 1];
    ks = Math.max(ks, gap);
    if (next !== undefined) wasserstein += gap * (next - value);
  });
  return { ks, wasserstein };
}

/** Sum of the values less their first, divided by their number: nothing is lost far from zero. */
function meanBeyondFirst(values: readonly number[]): number {
  const first = values[0] ?? Number.NaN;
  return values.reduce((sum, value) => sum + (value - first), 0) / values.length;
}

export function meanOf(values: readonly number[]): number {
  return (values[0] ?? Number.NaN) + meanBeyondFirst(values);
}

/** Sample standard deviation, in two passes. */
export function stdOf(values: readonly number[]): number {
  const first = values[0] ?? Number.NaN;
  const mean = meanBeyondFirst(values);
  const squares = values.reduce((sum, value) => sum + (value - first - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}
