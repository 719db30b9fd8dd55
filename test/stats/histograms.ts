import { linearQuantile } from '../../src/stats/quantile/linear-quantile.ts';
import {
  type CategoricalCase,
  categoricalCases,
  type NumericCase,
  numericCases,
} from './conformance-cases.ts';

export interface Histograms {
  readonly reference: readonly number[];
  readonly current: readonly number[];
}

export function sorted(values: readonly number[]): Float64Array {
  return Float64Array.from(values).sort();
}

/** Unique quantiles of a sample at the given shares. */
export function quantileEdges(sample: readonly number[], shares: readonly number[]): Float64Array {
  const ascending = sorted(sample);
  return sorted([...new Set(shares.map((share) => linearQuantile(ascending, share)))]);
}

export const DECILES: readonly number[] = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((i) => i / 10);

/** Counts in right-closed cells: the cell of x is the number of edges strictly below x. */
export function countInCells(sample: readonly number[], edges: Float64Array): number[] {
  const counts = new Array<number>(edges.length + 1).fill(0);
  for (const x of sample) {
    let cell = 0;
    while (cell < edges.length && (edges[cell] as number) < x) cell += 1;
    counts[cell] = (counts[cell] as number) + 1;
  }
  return counts;
}

export function decileHistograms({ reference, current }: NumericCase): Histograms {
  const edges = quantileEdges(reference, DECILES);
  return { reference: countInCells(reference, edges), current: countInCells(current, edges) };
}

export function categoryHistograms({ reference, current, expected }: CategoricalCase): Histograms {
  return {
    reference: expected.categories.map((category) => reference[category] ?? 0),
    current: expected.categories.map((category) => current[category] ?? 0),
  };
}

/** Every published case that has binned distances: name, histograms, expected values. */
export function binnedCases(): ReadonlyArray<
  readonly [string, Histograms, NumericCase['expected'] | CategoricalCase['expected']]
> {
  return [
    ...numericCases().map((numeric) => [numeric.name, decileHistograms(numeric), numeric.expected] as const),
    ...categoricalCases().map((mix) => [mix.name, categoryHistograms(mix), mix.expected] as const),
  ];
}
