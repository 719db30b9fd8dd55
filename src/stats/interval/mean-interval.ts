import { type ConfidenceInterval, Z_95 } from './confidence-interval.ts';

/**
 * Confidence interval of a mean: plus or minus 1.96 (or `z`) of its standard errors, by the central limit theorem. Good from a few dozen
 * values on; with few and very skewed ones it is too narrow.
 *
 * Undefined with fewer than two values, and when a sum has left the range of a double.
 *
 * @param sumOfSquares about 0
 *
 * @example
 * meanInterval({ n: 100, sum: 200, sumOfSquares: 500 }); // { lower: 1.803, upper: 2.197 }
 */
export function meanInterval(
  { n, sum, sumOfSquares }: { readonly n: number; readonly sum: number; readonly sumOfSquares: number },
  z: number = Z_95,
): ConfidenceInterval | undefined {
  if (n < 2) return undefined;
  const mean = sum / n;
  const variance = Math.max(0, (sumOfSquares - sum * mean) / (n - 1));
  const reach = z * Math.sqrt(variance / n);
  if (!Number.isFinite(mean) || !Number.isFinite(reach)) return undefined;
  return { lower: mean - reach, upper: mean + reach };
}
