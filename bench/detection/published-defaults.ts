import { jsDistance } from '../../src/stats/divergence/js-distance.ts';
import { chiSquareHomogeneity } from '../../src/stats/hypothesis/chi-square-homogeneity.ts';
import { kolmogorovPValue } from '../../src/stats/hypothesis/kolmogorov-p-value.ts';
import { linearQuantile } from '../../src/stats/quantile/linear-quantile.ts';
import {
  countUpTo,
  distinctCount,
  distributionGap,
  evenEdges,
  histogram,
  moments,
  populationStd,
  type SummedSample,
  sortedValues,
  summed,
  valueCounts,
} from './exact.ts';
import type { Column, Source } from './source.ts';

/** A method that says yes or no to one feature in one window. */
export interface PublishedMethod {
  readonly name: string;
  readonly meaning: string;
}

/**
 * Our own re-implementation of defaults that other tools publish. Each looks at one feature at a time, on exact samples,
 * without the missing values.
 */
export const PUBLISHED: readonly PublishedMethod[] = [
  {
    name: 'Wasserstein 0.1',
    meaning:
      "Wasserstein distance / the reference's standard deviation >= 0.1; for categories JS distance >= 0.1",
  },
  {
    name: 'JS 0.1',
    meaning:
      'Jensen-Shannon distance >= 0.1, over values, or for more than 20 numbers over even cells (Sturges)',
  },
  { name: 'PSI 0.1', meaning: 'PSI over deciles or categories >= 0.1, a share of 0 taken as 0.0001' },
  { name: 'PSI 0.2', meaning: 'the same >= 0.2' },
  { name: 'p 0.05', meaning: 'two-sample Kolmogorov-Smirnov p <= 0.05; for categories chi-square p <= 0.05' },
  {
    name: '3 std of chunks',
    meaning:
      "JS distance (Doane's cells) > mean + 3 standard deviations of the same between the reference's chunks and the whole reference, which contains them; n/a with fewer than two chunks",
  },
  { name: 'always', meaning: 'the dummy: an alarm in every window' },
];

/** Up to this many different numbers are taken as they are, and not binned, by the JS distance. */
const FEW_VALUES = 20;
/** What a share of 0 counts as in PSI. */
const ZERO_SHARE = 1e-4;

/** One feature of a reference, ready to be compared with windows of it. */
export class PublishedReference {
  readonly #kind: Source['kind'];
  readonly #column: Column;
  readonly #sorted: Float64Array;
  readonly #summed: SummedSample;
  readonly #std: number;
  readonly #distinct: number;
  readonly #deciles: readonly number[];
  readonly #chunkEdges: readonly number[];
  readonly #limits = new Map<number, number | undefined>();

  constructor({ kind }: Source, column: Column) {
    this.#kind = kind;
    this.#column = column;
    this.#sorted = sortedValues(column);
    this.#summed = summed(this.#sorted);
    this.#std = populationStd(this.#sorted);
    this.#distinct = distinctCount(this.#sorted);
    const deciles = Array.from({ length: 9 }, (_, i) => linearQuantile(this.#sorted, (i + 1) / 10));
    this.#deciles = [...new Set(deciles)];
    this.#chunkEdges = doaneEdges(this.#sorted);
  }

  /**
   * One truth value for each of PUBLISHED; undefined where the method is not defined.
   *
   * @param limit of the distance between chunks: see chunkLimit.
   */
  verdicts(window: Column, limit: number | undefined): Array<boolean | undefined> {
    const current = sortedValues(window);
    if (current.length === 0) return PUBLISHED.map(() => undefined);
    const js = this.#distance(current);
    const psi = this.#psi(current);
    const isNumeric = this.#kind === 'numeric';
    const gap = isNumeric ? distributionGap(this.#summed, current) : undefined;
    const pValue =
      gap === undefined
        ? this.#chiSquarePValue(current)
        : kolmogorovPValue(gap.largest, current.length, this.#sorted.length);
    return [
      gap === undefined ? js >= 0.1 : gap.area / Math.max(this.#std, 0.001) >= 0.1,
      js >= 0.1,
      psi >= 0.1,
      psi >= 0.2,
      pValue <= 0.05,
      limit === undefined ? undefined : this.#chunkDistance(current) > limit,
      true,
    ];
  }

  /**
   * Mean plus three standard deviations of the distances of the reference's own chunks from the whole reference, which
   * contains them. Undefined with fewer than two chunks.
   *
   * @param size rows of a chunk.
   */
  chunkLimit(size: number): number | undefined {
    if (!this.#limits.has(size)) {
      const chunks = Array.from({ length: Math.floor(this.#column.length / size) }, (_, i) =>
        this.#column.subarray(i * size, (i + 1) * size),
      );
      this.#limits.set(size, this.limitOver(chunks));
    }
    return this.#limits.get(size);
  }

  /** The same over given chunks of the reference. */
  limitOver(chunks: readonly Column[]): number | undefined {
    if (chunks.length < 2) return undefined;
    const distances = chunks
      .map(sortedValues)
      .filter(({ length }) => length > 0)
      .map((chunk) => this.#chunkDistance(chunk));
    const { mean, variance } = moments(distances);
    return mean + 3 * Math.sqrt(variance);
  }

  /** Jensen-Shannon distance over values, or over cells of one width (Sturges) of both samples together. */
  #distance(current: Float64Array): number {
    const reference = this.#sorted;
    if (this.#kind === 'categorical' || this.#distinct <= FEW_VALUES) {
      return distanceOf(jsDistance(...valueCounts(reference, current)));
    }
    const lowest = Math.min(reference[0] as number, current[0] as number);
    const highest = Math.max(reference.at(-1) as number, current.at(-1) as number);
    const cells = Math.ceil(Math.log2(reference.length + current.length) + 1);
    const edges = evenEdges(lowest, highest, cells);
    return distanceOf(jsDistance(histogram(reference, edges), histogram(current, edges)));
  }

  /** The same over the reference's own cells (Doane); what lies outside them is one cell more. */
  #chunkDistance(current: Float64Array): number {
    const reference = this.#sorted;
    if (this.#kind === 'categorical' || this.#distinct <= FEW_VALUES) {
      return distanceOf(jsDistance(...valueCounts(reference, current)));
    }
    return distanceOf(
      jsDistance(
        withRest(histogram(reference, this.#chunkEdges), reference.length),
        withRest(histogram(current, this.#chunkEdges), current.length),
      ),
    );
  }

  #psi(current: Float64Array): number {
    const [before, now] =
      this.#kind === 'categorical'
        ? valueCounts(this.#sorted, current)
        : [decileCounts(this.#sorted, this.#deciles), decileCounts(current, this.#deciles)];
    let psi = 0;
    for (let i = 0; i < before.length; i += 1) {
      const p = (before[i] as number) / this.#sorted.length || ZERO_SHARE;
      const q = (now[i] as number) / current.length || ZERO_SHARE;
      psi += (q - p) * Math.log(q / p);
    }
    return psi;
  }

  #chiSquarePValue(current: Float64Array): number {
    const test = chiSquareHomogeneity(...valueCounts(this.#sorted, current));
    return test.defined ? test.value.pValue : 1;
  }
}

function decileCounts(sorted: Float64Array, deciles: readonly number[]): Float64Array {
  const counts = new Float64Array(deciles.length + 1);
  let from = 0;
  deciles.forEach((decile, i) => {
    const to = countUpTo(sorted, decile);
    counts[i] = to - from;
    from = to;
  });
  counts[deciles.length] = sorted.length - from;
  return counts;
}

/** Edges of cells of one width, fewer or more of them as the sample is skewed (Doane 1976, as NumPy counts them). */
function doaneEdges(sorted: Float64Array): number[] {
  const n = sorted.length;
  const [lowest, highest] = [sorted[0] as number, sorted.at(-1) as number];
  const { mean, variance } = moments(sorted);
  if (variance === 0 || n < 3) return [lowest, highest];
  let skewness = 0;
  for (const value of sorted) skewness += ((value - mean) / Math.sqrt(variance)) ** 3 / n;
  const error = Math.sqrt((6 * (n - 2)) / ((n + 1) * (n + 3)));
  const cells = 1 + Math.log2(n) + Math.log2(1 + Math.abs(skewness) / error);
  return evenEdges(lowest, highest, Math.ceil(cells));
}

function withRest(counts: Float64Array, total: number): Float64Array {
  const inside = counts.reduce((sum, count) => sum + count, 0);
  return Float64Array.from([...counts, total - inside]);
}

function distanceOf(computed: { defined: true; value: number } | { defined: false; reason: string }): number {
  if (!computed.defined) throw new Error(computed.reason);
  return computed.value;
}
