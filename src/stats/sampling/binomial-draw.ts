import { normalQuantile } from '../quantile/normal-quantile.ts';

/** Means from here on are drawn by a normal approximation. */
const LARGE_MEAN = 30;
const HALF_STEP = 2 ** -33;

/**
 * One draw from a binomial distribution: successes in `trials`, each with chance `probability`.
 *
 * Below a mean of 30 (of the rarer outcome) by inversion, which is exact. Above, a rounded normal draw with
 * the first Cornish-Fisher term for the skewness, clipped to the range: its distribution function is within
 * 0.002 of the true one.
 *
 * @param trials whole, 0 or more
 * @param probability anything up to 0 counts as 0 and anything from 1 as 1
 * @param random draws from [0, 1); called once at most
 */
export function binomialDraw(trials: number, probability: number, random: () => number): number {
  if (trials <= 0 || probability <= 0) return 0;
  if (probability >= 1) return trials;
  if (probability > 0.5) return trials - rarer(trials, 1 - probability, random);
  return rarer(trials, probability, random);
}

function rarer(trials: number, p: number, random: () => number): number {
  const mean = trials * p;
  if (mean < LARGE_MEAN) return inverted(trials, p, random());
  // Half a step of a 32-bit generator away from either end, where the quantile is infinite.
  const z = normalQuantile(Math.min(1 - HALF_STEP, Math.max(HALF_STEP, random())));
  const draw = mean + z * Math.sqrt(mean * (1 - p)) + ((1 - 2 * p) * (z * z - 1)) / 6;
  return Math.min(trials, Math.max(0, Math.round(draw)));
}

function inverted(trials: number, p: number, uniform: number): number {
  const odds = p / (1 - p);
  let term = Math.exp(trials * Math.log1p(-p));
  let rest = uniform - term;
  let count = 0;
  while (rest >= 0 && count < trials) {
    term *= ((trials - count) / (count + 1)) * odds;
    count += 1;
    rest -= term;
    // Rounding left the uniform above every sum; the terms have run out.
    if (term === 0) break;
  }
  return count;
}
