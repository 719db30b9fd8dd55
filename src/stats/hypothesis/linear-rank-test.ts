import { pearsonThreeSurvival } from './pearson-three-survival.ts';

export interface LinearRankTest {
  /** Deviation of the current sample's sum of scores from its expectation, in standard deviations. */
  readonly z: number;
  /** Two-sided, 0 to 1. */
  readonly pValue: number;
}

/**
 * Two-sample permutation test of a sum of scores: how often would the values of both samples, dealt out anew
 * at random, give the current sample a sum this far from its expectation?
 *
 * All values of a cell have that cell's score. Mean, variance and skewness of the sum are exact for dealing
 * without replacement from the values that were seen, ties and all; the tails are those of the Pearson type
 * III distribution with these moments, and the smaller one is doubled. The skewness is what keeps a rare
 * value from looking like a miracle: where 0.1 % of all values are not 0, a window of 50 that holds one of
 * them is four standard deviations out, and yet every twentieth window does.
 *
 * The sum moves in steps, so half a step is taken off the deviation (Yates). With two distinct scores the
 * step is their difference. With more it is the mean of the gaps between neighbouring scores, each weighted
 * by what it adds to the mean difference between two values: one large gap counts even among many small ones.
 *
 * Measured against exact distributions, with ties of every kind and 20 or more values in the smaller sample,
 * the p-value is never below 0.88 times the exact one; it is up to 5 times that at 0.01 and 40 times at 0.00001
 * where nearly all values are the same, and within a sixth at 0.01 where there are no ties. So it errs towards
 * no alarm. Only with a handful of values in the smaller sample can it be a third of the exact one.
 *
 * Returns undefined when the scores of all values are equal, up to rounding.
 *
 * Reference: Hájek, Šidák and Sen, Theory of Rank Tests (1999), section 3.3; Mielke and Berry, Permutation
 * Methods (2007), for the third moment.
 *
 * @param scores one a cell
 * @param n size of the reference sample, above 0
 * @param m size of the current one, above 0
 */
export function linearRankTest(
  scores: Float64Array,
  reference: ArrayLike<number>,
  current: ArrayLike<number>,
  n: number,
  m: number,
): LinearRankTest | undefined {
  const size = n + m;
  const shares = scores.map((_, i) => ((reference[i] as number) + (current[i] as number)) / size);
  let mean = 0;
  let meanSquare = 0;
  for (let i = 0; i < scores.length; i += 1) {
    mean += (shares[i] as number) * (scores[i] as number);
    meanSquare += (shares[i] as number) * (scores[i] as number) ** 2;
  }
  let deviation = 0;
  let variance = 0;
  let third = 0;
  for (let i = 0; i < scores.length; i += 1) {
    const distance = (scores[i] as number) - mean;
    deviation += (current[i] as number) * distance;
    variance += (shares[i] as number) * distance ** 2;
    third += (shares[i] as number) * distance ** 3;
  }
  if (size <= 1 || !(variance > meanSquare * 1e-20)) return undefined;
  // Moments of the sum of m scores that are drawn without replacement from all n + m.
  const spread = Math.sqrt(n * (m / (size - 1)) * variance);
  const skewness = size > 2 ? ((n - m) / (size - 2)) * (third / variance / spread) : 0;
  const corrected = (Math.abs(deviation) - meanStep(scores, shares) / 2) / spread;
  const tail = pearsonThreeSurvival(corrected, deviation < 0 ? -skewness : skewness);
  return { z: deviation / spread, pValue: Math.min(1, 2 * tail) };
}

/** @param shares of all values that have each score */
function meanStep(scores: Float64Array, shares: Float64Array): number {
  const order: number[] = [];
  for (let i = 0; i < scores.length; i += 1) if ((shares[i] as number) > 0) order.push(i);
  order.sort((a, b) => (scores[a] as number) - (scores[b] as number));
  let below = 0;
  let difference = 0;
  let weighted = 0;
  for (let k = 1; k < order.length; k += 1) {
    const lower = order[k - 1] as number;
    below += shares[lower] as number;
    const gap = (scores[order[k] as number] as number) - (scores[lower] as number);
    difference += gap * below * (1 - below);
    weighted += gap * gap * below * (1 - below);
  }
  return difference > 0 ? weighted / difference : 0;
}
