import { type ConfidenceInterval, Z_95 } from './confidence-interval.ts';

/**
 * Confidence interval of a mean: plus or minus 1.96 of its standard errors, by the central limit theorem. Good from a few dozen
 * values on; with few and very skewed ones it is too narrow. For a larger `z` Student's quantile is taken in its place.
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
  const reach = (z > Z_95 ? studentQuantile(z, n - 1) : z) * Math.sqrt(variance / n);
  if (!Number.isFinite(mean) || !Number.isFinite(reach)) return undefined;
  return { lower: mean - reach, upper: mean + reach };
}

/**
 * Student's quantile for the probability of a normal one, by the expansion of Cornish and Fisher (Abramowitz and Stegun,
 * 26.7.5). At 1.96 it hardly differs from that; far out, a variance that is known from few values is too small too often.
 */
function studentQuantile(z: number, degrees: number): number {
  return z + (z ** 3 + z) / (4 * degrees) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * degrees ** 2);
}
