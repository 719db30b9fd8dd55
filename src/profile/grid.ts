import { mean } from 'simple-statistics';
import { linearQuantile } from '../stats/quantile/linear-quantile.ts';
import { nextBelow } from './next-below.ts';
import { splitWideCells } from './split-wide-cells.ts';

/** Interior cells of equal baseline mass. A Kolmogorov-Smirnov statistic read off the grid is within 1/K of the exact one. */
export const GRID_CELLS = 500;

/** Further edges, put where cells are wide: they are for the Wasserstein distance. */
const WIDTH_EDGES = 500;

/**
 * A baseline's cell edges for one numeric feature.
 *
 * Cells are right-closed: `cell(x) = number of edges strictly below x`, so E edges make E + 1 cells. The first edge is
 * the largest double below the reference minimum and the last is the reference maximum: cell 0 and cell E hold what
 * lies outside the reference's range and nothing else. (The one exception is a minimum that no double lies below.)
 */
export interface Grid {
  readonly edges: Float64Array;
  /** The reference mean. Sums are kept of x - center, so that they stay exact far from zero. */
  readonly center: number;
  /** Positions in `edges` of the unique deciles 10 %..90 %, the edges of the binned metrics. */
  readonly decilePositions: readonly number[];
}

/** The smallest and the largest value of a reference of which the grid sees a sample only. */
export interface Extremes {
  readonly min: number;
  readonly max: number;
}

/**
 * Builds the grid from a reference sample.
 *
 * Edges are the unique quantiles i/K and the deciles (NumPy's 'linear' method). Cells that would still hold more than
 * 1/K of the sample are split at sample values; a single value that heavy gets a cell of its own, closed from below by
 * the largest double under it, so that ties cannot hide a difference. Then the cells that would blur the Wasserstein
 * distance most are split.
 *
 * @param sample finite numbers in any order; at least one.
 * @param extremes of the whole reference, where the sample is not all of it.
 */
export function buildGrid(sample: readonly number[] | Float64Array, extremes?: Extremes): Grid {
  const sorted = new Float64Array(sample).sort();
  const lowest = sorted[0];
  const highest = sorted.at(-1);
  if (lowest === undefined || highest === undefined) throw new RangeError('a grid needs at least one value');
  const first = Math.min(lowest, extremes?.min ?? lowest);
  const last = Math.max(highest, extremes?.max ?? highest);
  const quantiles = Array.from({ length: GRID_CELLS + 1 }, (_, i) => linearQuantile(sorted, i / GRID_CELLS));
  return completeGrid(sorted, [nextBelow(first), first, last, ...quantiles]);
}

/**
 * Builds the grid of a score from a sample of it. Whatever the sample, i/K for 0 <= i <= K are among the edges, so that
 * calibration can be read off profiles; and so are those that `buildGrid` would add to them.
 */
export function buildScoreGrid(sample: readonly number[] | Float64Array): Grid {
  const uniform = Array.from({ length: GRID_CELLS + 1 }, (_, i) => i / GRID_CELLS);
  return completeGrid(new Float64Array(sample).sort(), [nextBelow(0), ...uniform]);
}

/** @param outline edges that reach from below the smallest value of `sorted` to the largest. */
function completeGrid(sorted: Float64Array, outline: readonly number[]): Grid {
  const deciles = unique(Array.from({ length: 9 }, (_, i) => linearQuantile(sorted, (i + 1) / 10)));
  const coarse = unique([...outline, ...deciles]);
  const fine = unique([...coarse, ...splitHeavyCells(sorted, coarse, GRID_CELLS)]);
  const edges = Float64Array.from(unique([...fine, ...splitWideCells(sorted, fine, WIDTH_EDGES)]));
  return { edges, center: centerOf(sorted), decilePositions: deciles.map((decile) => edges.indexOf(decile)) };
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
  const distinct: number[] = [];
  for (const value of new Float64Array(values).sort()) {
    if (distinct.length === 0 || value !== distinct.at(-1)) distinct.push(value);
  }
  return distinct;
}

/** The mean (compensated summation, so that epoch-sized numbers keep their digits); the median where it overflows. */
function centerOf(sorted: Float64Array): number {
  const center = mean(Array.from(sorted));
  return Number.isFinite(center) ? center : (sorted[sorted.length >> 1] as number);
}
