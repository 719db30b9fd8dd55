import { gammaln } from 'simple-statistics';

/** Stands in for a zero denominator in Lentz's method. */
const TINY = 1e-300;
/** Far above what the fraction needs: it grows with the square root of the degrees of freedom. */
const MAX_TERMS = 100_000;

/**
 * Survival function of Student's t distribution: the probability of a value above `t`.
 *
 * Half the regularised incomplete beta function I_x(degreesOfFreedom / 2, 1/2) at x = d / (d + t^2), read off its continued
 * fraction by Lentz's method.
 *
 * Range: 0 to 1; 0 wherever the probability is below the smallest double. Relative precision is better than 1e-8 up to a
 * million degrees of freedom, in the tail above; that below is one minus it.
 *
 * Reference: NIST Digital Library of Mathematical Functions, section 8.17(v).
 *
 * @param degreesOfFreedom above 0, finite; need not be whole
 * @throws RangeError for arguments outside these ranges.
 *
 * @example
 * studentSurvival(2.2281388519649385, 10); // 0.025
 */
export function studentSurvival(t: number, degreesOfFreedom: number): number {
  if (Number.isNaN(t) || !(degreesOfFreedom > 0 && Number.isFinite(degreesOfFreedom))) {
    throw new RangeError(`no t distribution with ${degreesOfFreedom} degrees has a value at ${t}`);
  }
  if (t < 0) return 1 - studentSurvival(-t, degreesOfFreedom);
  const square = t * t;
  if (square === Number.POSITIVE_INFINITY) return 0;
  const a = degreesOfFreedom / 2;
  const [near, far] = [degreesOfFreedom / (degreesOfFreedom + square), square / (degreesOfFreedom + square)];
  const logFront =
    gammaln(a + 0.5) -
    gammaln(a) -
    Math.log(Math.PI) / 2 -
    // ln(near), which keeps its precision where t is small beside the degrees of freedom.
    a * Math.log1p(square / degreesOfFreedom) +
    Math.log(far) / 2;
  if (far === 0) return 0.5;
  const front = Math.exp(logFront);
  // The fraction converges on one side of the mean of the beta distribution, and by symmetry on the other.
  return near < (a + 1) / (a + 2.5)
    ? (front * betaFraction(a, 0.5, near)) / a / 2
    : (1 - (front * betaFraction(0.5, a, far)) / 0.5) / 2;
}

function betaFraction(a: number, b: number, x: number): number {
  let c = 1;
  let d = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m <= MAX_TERMS; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / awayFromZero(1 + even * d);
    c = awayFromZero(1 + even / c);
    fraction *= c * d;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / awayFromZero(1 + odd * d);
    c = awayFromZero(1 + odd / c);
    fraction *= c * d;
    if (Math.abs(c * d - 1) < Number.EPSILON) break;
  }
  return fraction;
}

function awayFromZero(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}
