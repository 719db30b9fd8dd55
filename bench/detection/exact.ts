import type { Column } from './source.ts';

/** The values that are there, ascending. */
export function sortedValues(column: Column): Float64Array {
  let count = 0;
  const present = new Float64Array(column.length);
  for (const value of column) {
    if (Number.isNaN(value)) continue;
    present[count] = value;
    count += 1;
  }
  return present.subarray(0, count).sort();
}

/** A sorted sample, with the sums of its first values. */
export interface SummedSample {
  readonly sorted: Float64Array;
  /** sums[i] is the sum of the first i values. */
  readonly sums: Float64Array;
}

export function summed(sorted: Float64Array): SummedSample {
  const sums = new Float64Array(sorted.length + 1);
  for (let i = 0; i < sorted.length; i += 1) sums[i + 1] = (sums[i] as number) + (sorted[i] as number);
  return { sorted, sums };
}

/**
 * Area between two empirical distribution functions, and their largest difference. Steps from value to value of the
 * window only, since the reference may be some hundred times as large.
 *
 * @param window ascending, at least one value; as the reference.
 */
export function distributionGap(
  reference: SummedSample,
  window: Float64Array,
): { area: number; largest: number } {
  const { sorted } = reference;
  const size = sorted.length;
  let [area, largest] = [0, 0];
  // To the left of its first value the window's function is 0, to the right of its last one it is 1.
  if ((sorted[0] as number) < (window[0] as number)) {
    area += areaAgainst(reference, 0, sorted[0] as number, window[0] as number);
  }
  for (let i = 0; i < window.length; ) {
    const value = window[i] as number;
    const before = i / window.length;
    while (i < window.length && window[i] === value) i += 1;
    const share = i / window.length;
    const below = countBelow(sorted, value) / size;
    const upTo = countUpTo(sorted, value) / size;
    largest = Math.max(largest, Math.abs(below - before), Math.abs(upTo - share));
    const next = i < window.length ? (window[i] as number) : Math.max(value, sorted[size - 1] as number);
    area += areaAgainst(reference, share, value, next);
  }
  return { area, largest };
}

/** Integral of |F(x) - level| from `from` to `to`, where F is the distribution function of the sample. */
function areaAgainst(sample: SummedSample, level: number, from: number, to: number): number {
  const { sorted } = sample;
  // F reaches the level at this value: it lies below to the left, and not below to the right.
  const reached = sorted[Math.max(0, Math.ceil(level * sorted.length - 1e-9) - 1)] as number;
  const cross = Math.min(to, Math.max(from, reached));
  const left = level * (cross - from) - integral(sample, from, cross);
  const right = integral(sample, cross, to) - level * (to - cross);
  return Math.max(0, left) + Math.max(0, right);
}

/** Integral of the distribution function. */
function integral({ sorted, sums }: SummedSample, from: number, to: number): number {
  const first = countUpTo(sorted, from);
  const last = countUpTo(sorted, to);
  const inside = (last - first) * to - ((sums[last] as number) - (sums[first] as number));
  return (first * (to - from) + inside) / sorted.length;
}

/** Standard deviation of a whole population (divided by n). */
export function populationStd(values: ArrayLike<number>): number {
  const { variance } = moments(values);
  return Math.sqrt(variance);
}

export function moments(values: ArrayLike<number>): { mean: number; variance: number } {
  let sum = 0;
  for (let i = 0; i < values.length; i += 1) sum += values[i] as number;
  const mean = sum / values.length;
  let squares = 0;
  for (let i = 0; i < values.length; i += 1) squares += ((values[i] as number) - mean) ** 2;
  return { mean, variance: squares / values.length };
}

/**
 * Counts between edges: cell i holds the values from edge i up to, but not including, edge i + 1; the last one holds its
 * upper edge, too. What lies outside is counted nowhere. As NumPy's histogram.
 *
 * @param sorted ascending.
 */
export function histogram(sorted: Float64Array, edges: readonly number[]): Float64Array {
  const counts = new Float64Array(edges.length - 1);
  let from = countBelow(sorted, edges[0] as number);
  for (let cell = 0; cell < counts.length; cell += 1) {
    const upper = edges[cell + 1] as number;
    const to = cell === counts.length - 1 ? countUpTo(sorted, upper) : countBelow(sorted, upper);
    counts[cell] = Math.max(0, to - from);
    from = to;
  }
  return counts;
}

/** Edges of `cells` cells of one width from the smallest to the largest value. */
export function evenEdges(lowest: number, highest: number, cells: number): number[] {
  return Array.from({ length: cells + 1 }, (_, i) =>
    i === cells ? highest : lowest + ((highest - lowest) * i) / cells,
  );
}

/** How many values lie below `limit`. */
function countBelow(sorted: Float64Array, limit: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How many values lie at or below `limit`. */
export function countUpTo(sorted: Float64Array, limit: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Counts of both samples for every value that occurs in either. */
export function valueCounts(a: Float64Array, b: Float64Array): [Float64Array, Float64Array] {
  const left: number[] = [];
  const right: number[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const value = Math.min(
      i < a.length ? (a[i] as number) : Number.POSITIVE_INFINITY,
      j < b.length ? (b[j] as number) : Number.POSITIVE_INFINITY,
    );
    const [fromI, fromJ] = [i, j];
    while (i < a.length && a[i] === value) i += 1;
    while (j < b.length && b[j] === value) j += 1;
    left.push(i - fromI);
    right.push(j - fromJ);
  }
  return [Float64Array.from(left), Float64Array.from(right)];
}

export function distinctCount(sorted: Float64Array): number {
  let distinct = 0;
  for (let i = 0; i < sorted.length; i += 1) if (i === 0 || sorted[i] !== sorted[i - 1]) distinct += 1;
  return distinct;
}
