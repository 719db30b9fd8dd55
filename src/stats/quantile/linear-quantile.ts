import { interpolate } from './interpolate.ts';

/**
 * Quantile of a sorted sample, with linear interpolation between neighbours.
 *
 * The value at position q (n - 1), counted from 0. NumPy's default method 'linear', R's type 7, bit for bit:
 * the edges of a grid depend on it.
 *
 * Units: those of the sample. Range: from the smallest value (q = 0) to the largest (q = 1).
 *
 * Reference: Hyndman and Fan, Sample quantiles in statistical packages, The American Statistician 50 (1996).
 *
 * @param sortedValues finite numbers in ascending order, at least one
 * @param q 0 to 1
 * @throws RangeError for an empty sample, or a q outside 0 to 1.
 *
 * @example
 * linearQuantile([1, 2, 3, 10], 0.5); // 2.5
 */
export function linearQuantile(sortedValues: ArrayLike<number>, q: number): number {
  const n = sortedValues.length;
  if (n === 0) throw new RangeError('an empty sample has no quantiles');
  if (!(q >= 0 && q <= 1)) throw new RangeError(`a quantile lies between 0 and 1, not at ${q}`);
  const position = (n - 1) * q;
  const before = Math.floor(position);
  const after = Math.min(before + 1, n - 1);
  return interpolate(sortedValues[before] as number, sortedValues[after] as number, position - before);
}
