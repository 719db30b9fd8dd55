import { normalQuantile } from '../quantile/normal-quantile.ts';
import { Z_95 } from './confidence-interval.ts';

/**
 * The normal quantile of several two-sided intervals that hold all together with a confidence of 95 %, each of them with
 * 1 - 0.05/m (Bonferroni). That is so whatever they have to do with one another; where they are independent, it is hardly wider
 * than need be.
 *
 * Reference: Dunn, Multiple comparisons among means, Journal of the American Statistical Association 56 (1961).
 *
 * @param intervals how many there are; 1.96 for one
 *
 * @example
 * simultaneousZ(50); // 3.2905
 */
export function simultaneousZ(intervals: number): number {
  return intervals <= 1 ? Z_95 : -normalQuantile(0.025 / intervals);
}
