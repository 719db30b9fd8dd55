import { cellTotals } from '../cell-totals.ts';
import { type Computed, definedIfFinite } from '../computed.ts';

/** Sums, over one sample, of the distances by which values lie below the first edge and above the last. */
export interface TailSums {
  readonly low: number;
  readonly high: number;
}

export interface CellSamples {
  /** Ascending and distinct; at least one. */
  readonly edges: Float64Array;
  /**
   * Counts per cell, one more than edges: values up to the first edge, between edges (right-closed), above
   * the last.
   */
  readonly reference: ArrayLike<number>;
  readonly current: ArrayLike<number>;
  readonly referenceTails: TailSums;
  readonly currentTails: TailSums;
}

/**
 * Wasserstein-1 (earth mover's) distance from histograms: the mean distance that mass has to move to turn one
 * sample into the other, in the units of the feature.
 *
 * The area between the two distribution functions. Both are known exactly at the edges and taken as linear
 * between them; where they cross inside a cell the area is that of the two triangles. Beyond the outer edges
 * the histogram knows nothing, so the area there is the difference between the samples' mean excess over the
 * edge. That is exact whenever one of the samples has no values out there (a reference never has, on its own
 * grid), or when one function lies above the other throughout the tail; otherwise it is a lower bound.
 *
 * Range: 0 and up; 0 for equal shares and tails. A far outlier counts by its distance, however far.
 * Undefined when either sample is empty, or when the area does not fit into a double.
 *
 * Reference: Vallender, Calculation of the Wasserstein distance between probability distributions on the
 * line, Theory of Probability and its Applications 18 (1974). On cells that hold one value each it is SciPy's
 * `wasserstein_distance`.
 *
 * @throws RangeError when there is not one cell more than there are edges.
 *
 * @example
 * wassersteinFromCells({
 *   edges: Float64Array.of(0, 1, 2),
 *   reference: [0, 10, 0, 0],
 *   current: [0, 0, 10, 0],
 *   referenceTails: { low: 0, high: 0 },
 *   currentTails: { low: 0, high: 0 },
 * }); // { defined: true, value: 1 }
 */
export function wassersteinFromCells(samples: CellSamples): Computed {
  const { edges, reference, current, referenceTails, currentTails } = samples;
  if (edges.length === 0 || reference.length !== edges.length + 1) {
    throw new RangeError(`${edges.length} edges do not make ${reference.length} cells`);
  }
  const totals = cellTotals(reference, current);
  if (!totals.defined) return totals;
  const { reference: n, current: m } = totals.value;
  let below = reference[0] as number;
  let belowCurrent = current[0] as number;
  let left = below / n - belowCurrent / m;
  let area = Math.abs(referenceTails.low / n - currentTails.low / m);
  area += Math.abs(referenceTails.high / n - currentTails.high / m);
  for (let i = 1; i < edges.length; i += 1) {
    below += reference[i] as number;
    belowCurrent += current[i] as number;
    const right = below / n - belowCurrent / m;
    area += ((edges[i] as number) - (edges[i - 1] as number)) * meanAbsolute(left, right);
    left = right;
  }
  return definedIfFinite(area);
}

/** Mean of |f| over an interval on which f is linear from `left` to `right`. */
function meanAbsolute(left: number, right: number): number {
  const sum = Math.abs(left) + Math.abs(right);
  if (left * right >= 0) return sum / 2;
  return (left * left + right * right) / (2 * sum);
}
