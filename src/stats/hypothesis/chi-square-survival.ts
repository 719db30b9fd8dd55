import gammainc from '@stdlib/math-base-special-gammainc';

/** Stands in for a zero denominator in Lentz's method. */
const TINY = 1e-300;
/** Far above what the fraction needs: it grows with the square root of the degrees of freedom. */
const MAX_TERMS = 100_000;

/**
 * Survival function of the chi-square distribution: the probability of a value above `statistic`.
 *
 * The regularised upper incomplete gamma function Q(degreesOfFreedom / 2, statistic / 2).
 *
 * Range: 0 to 1; 1 at 0, 0 at Infinity and wherever the probability is below the smallest double. Relative
 * precision is better than 1e-10 in both tails.
 *
 * Reference: NIST Digital Library of Mathematical Functions, section 8.2.
 *
 * @param statistic 0 or more
 * @param degreesOfFreedom above 0, finite
 * @throws RangeError for arguments outside these ranges.
 *
 * @example
 * chiSquareSurvival(3.841458820694124, 1); // 0.05
 */
export function chiSquareSurvival(statistic: number, degreesOfFreedom: number): number {
  if (!(statistic >= 0 && degreesOfFreedom > 0 && Number.isFinite(degreesOfFreedom))) {
    throw new RangeError(
      `no chi-square distribution with ${degreesOfFreedom} degrees has a value at ${statistic}`,
    );
  }
  if (statistic === Number.POSITIVE_INFINITY) return 0;
  const a = degreesOfFreedom / 2;
  const x = statistic / 2;
  // For these arguments gammainc 0.3.1 sums an asymptotic series that starts one term too early: up to 3 % too large.
  if (x > 1000 && a < x + 50) return upperGammaFraction(a, x);
  return gammainc(x, a, true, true);
}

/**
 * Q(a, x) for x above 1000 and a up to a little above x: Legendre's continued fraction by Lentz's method
 * (DLMF 8.9.2).
 */
function upperGammaFraction(a: number, x: number): number {
  const front = gammaPrefix(a, x);
  if (front === 0) return 0;
  let b = x + 1 - a;
  let c = 1 / TINY;
  let d = 1 / awayFromZero(b);
  let fraction = d;
  for (let k = 1; k <= MAX_TERMS; k += 1) {
    const numerator = -k * (k - a);
    b += 2;
    d = 1 / awayFromZero(numerator * d + b);
    c = awayFromZero(b + numerator / c);
    fraction *= c * d;
    if (Math.abs(c * d - 1) < Number.EPSILON) break;
  }
  return Math.min(1, front * fraction);
}

/**
 * x^a exp(-x) / Gamma(a) for x above 1000, with Stirling's series for the gamma function. Where a is too
 * small for that series the factor is below the smallest double anyway.
 */
function gammaPrefix(a: number, x: number): number {
  const excess = (x - a) / a;
  const stirling = 1 / (12 * a) - 1 / (360 * a ** 3) + 1 / (1260 * a ** 5);
  return Math.sqrt(a / (2 * Math.PI)) * Math.exp(a * (Math.log1p(excess) - excess) - stirling);
}

function awayFromZero(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}
