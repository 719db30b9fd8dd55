import { type Computed, defined, undefinedBecause } from '../computed.ts';
import { interpolate } from './interpolate.ts';

/**
 * Quantile read off a histogram: the point below which a share q of the values lies.
 *
 * The cell in which the cumulative count reaches q n, and in it the point to which the values reach if they
 * are spread evenly. The smallest and largest value close the open outer cells, and narrow any cell that
 * reaches beyond them. So the result is off by no more than the width of one cell, q = 0 gives the minimum
 * and q = 1 the maximum.
 *
 * Units: those of the feature. Range: min to max.
 * Undefined for an empty histogram.
 *
 * @param edges ascending and distinct
 * @param counts one more than edges; cells are right-closed
 * @param min smallest value counted
 * @param max largest value counted
 * @param q 0 to 1
 * @throws RangeError when edges and counts do not fit, or for a q outside 0 to 1.
 *
 * @example
 * quantileFromCells(Float64Array.of(0, 10), [0, 4, 0], 0.5, 9.5, 0.5); // { defined: true, value: 5 }
 */
export function quantileFromCells(
  edges: ArrayLike<number>,
  counts: ArrayLike<number>,
  min: number,
  max: number,
  q: number,
): Computed {
  if (counts.length !== edges.length + 1) {
    throw new RangeError(`${edges.length} edges do not make ${counts.length} cells`);
  }
  if (!(q >= 0 && q <= 1)) throw new RangeError(`a quantile lies between 0 and 1, not at ${q}`);
  let n = 0;
  for (let i = 0; i < counts.length; i += 1) n += counts[i] as number;
  if (!(n > 0 && Number.isFinite(n))) return undefinedBecause('the sample has no values');
  if (!(Number.isFinite(min) && min <= max && Number.isFinite(max))) {
    return undefinedBecause('the smallest and largest values are not known');
  }
  const wanted = q * n;
  let below = 0;
  for (let i = 0; i < counts.length; i += 1) {
    const count = counts[i] as number;
    if (count > 0 && below + count >= wanted) {
      const left = Math.max(min, i === 0 ? min : (edges[i - 1] as number));
      const right = Math.min(max, i === edges.length ? max : (edges[i] as number));
      return defined(interpolate(left, right, (wanted - below) / count));
    }
    below += count;
  }
  return defined(max);
}
