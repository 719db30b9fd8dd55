import { linearQuantile } from '../stats/quantile/linear-quantile.ts';

/** Interior cells of equal baseline mass. A Kolmogorov-Smirnov statistic read off the grid is within 1/K of the exact one. */
export const GRID_CELLS = 500;

/**
 * A baseline's cell edges for one numeric feature.
 *
 * Cells are right-closed: `cell(x) = number of edges strictly below x`, so E edges make E + 1 cells. The first edge is
 * the largest double below the reference minimum and the last is the reference maximum: cell 0 and cell E hold what
 * lies outside the reference's range and nothing else.
 */
export interface Grid {
  readonly edges: Float64Array;
  /** The reference mean. Sums are kept of x - center, so that they stay exact far from zero. */
  readonly center: number;
  /** Positions in `edges` of the unique deciles 10 %..90 %, the edges of the binned metrics. */
  readonly decilePositions: readonly number[];
}

/**
 * Builds the grid from a reference sample.
 *
 * Edges are the unique quantiles i/K and the deciles (NumPy's 'linear' method). Cells that would still hold more than
 * 1/K of the sample are split at sample values; a single value that heavy gets a cell of its own, closed from below by
 * the largest double under it, so that ties cannot hide a difference.
 *
 * @param sample finite numbers in any order; at least one.
 */
export function buildGrid(sample: readonly number[] | Float64Array, cells: number = GRID_CELLS): Grid {
  const sorted = Float64Array.from(sample).sort();
  const first = sorted[0];
  const last = sorted.at(-1);
  if (first === undefined || last === undefined) throw new RangeError('a grid needs at least one value');
  const deciles = unique(Array.from({ length: 9 }, (_, i) => linearQuantile(sorted, (i + 1) / 10)));
  const quantiles = Array.from({ length: cells + 1 }, (_, i) => linearQuantile(sorted, i / cells));
  const coarse = unique([nextBelow(first), first, last, ...deciles, ...quantiles]);
  const edges = Float64Array.from(unique([...coarse, ...splitHeavyCells(sorted, coarse, cells)]));
  return gridFromEdges(edges, mean(sorted), deciles);
}

/** A grid with fixed edges, used for scores in [0, 1], whose cells must not depend on the sample. */
export function buildScoreGrid(sample: readonly number[] | Float64Array): Grid {
  const sorted = Float64Array.from(sample).sort();
  const deciles = unique(Array.from({ length: 9 }, (_, i) => linearQuantile(sorted, (i + 1) / 10)));
  const uniform = Array.from({ length: GRID_CELLS + 1 }, (_, i) => i / GRID_CELLS);
  const edges = unique([nextBelow(0), ...uniform, ...deciles, ...splitHeavyCells(sorted, uniform, GRID_CELLS)]);
  return gridFromEdges(Float64Array.from(edges), mean(sorted), deciles);
}

function gridFromEdges(edges: Float64Array, center: number, deciles: readonly number[]): Grid {
  return { edges, center, decilePositions: deciles.map((decile) => edges.indexOf(decile)) };
}

/** Edges that make every cell hold at most 1/cells of the sample, or one single value. */
function splitHeavyCells(sorted: Float64Array, coarse: readonly number[], cells: number): number[] {
  const limit = sorted.length / cells;
  const added: number[] = [];
  let edge = 0;
  let held = 0;
  for (let i = 0; i < sorted.length; ) {
    const value = sorted[i] as number;
    let next = i + 1;
    while (next < sorted.length && sorted[next] === value) next += 1;
    while (edge < coarse.length && (coarse[edge] as number) < value) {
      edge += 1;
      held = 0;
    }
    const count = next - i;
    if (count > limit) {
      added.push(nextBelow(value), value);
      held = 0;
    } else if (held + count > limit) {
      added.push(sorted[i - 1] as number);
      held = count;
    } else {
      held += count;
    }
    i = next;
  }
  return added;
}

function unique(values: readonly number[]): number[] {
  const sorted = Float64Array.from(values).sort();
  return Array.from(sorted.filter((value, i) => i === 0 || value !== sorted[i - 1]));
}

/** Mean about the sample's middle value, so that a sample of epoch-sized numbers keeps its digits. */
function mean(values: Float64Array): number {
  const shift = values[values.length >> 1] as number;
  let sum = 0;
  for (const value of values) sum += value - shift;
  const result = shift + sum / values.length;
  return Number.isFinite(result) ? result : shift;
}

const bits = new DataView(new ArrayBuffer(8));

/** The largest double below x; x itself for -Infinity. */
export function nextBelow(x: number): number {
  if (x === Number.NEGATIVE_INFINITY) return x;
  if (x === 0) return -Number.MIN_VALUE;
  bits.setFloat64(0, x);
  bits.setBigInt64(0, bits.getBigInt64(0) + (x > 0 ? -1n : 1n));
  return bits.getFloat64(0);
}
