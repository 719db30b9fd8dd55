/** Where the two series meet. Both converge fast on either side of it. */
const CROSSOVER = 0.82;

/**
 * Survival function of the Kolmogorov distribution: the probability that the largest distance between an
 * empirical distribution function and the true one, times the square root of the sample size, exceeds x as
 * the sample grows.
 *
 * Above 0.82 the alternating series 2 sum (-1)^(k-1) exp(-2 k^2 x^2), which keeps full relative precision far
 * into the tail; below it one minus the theta-function form sqrt(2 pi)/x sum exp(-(2k-1)^2 pi^2 / (8 x^2)),
 * as the first series would need ever more terms there.
 *
 * Range: 0 to 1; 1 at x = 0. Below the smallest double (from about x = 19.3) the value is 0.
 *
 * Reference: Kolmogorov, Sulla determinazione empirica di una legge di distribuzione (1933); Marsaglia, Tsang
 * and Wang, Journal of Statistical Software 8/18 (2003). The value is that of SciPy's `kstwobign.sf`.
 *
 * @throws RangeError for a negative or undefined x.
 *
 * @example
 * kolmogorovSurvival(1.36); // 0.0494..., hence the textbook's 5 % limit of 1.36
 */
export function kolmogorovSurvival(x: number): number {
  if (!(x >= 0)) throw new RangeError(`the Kolmogorov distribution has no value at ${x}`);
  // The distribution function is below 1e-50 here, and its series would divide by zero.
  if (x < 0.1) return 1;
  return x < CROSSOVER ? 1 - thetaSeries(x) : alternatingSeries(x);
}

function thetaSeries(x: number): number {
  let sum = 0;
  for (let k = 1; k <= 4; k += 1) sum += Math.exp(-(((2 * k - 1) * Math.PI) ** 2) / (8 * x * x));
  return (Math.sqrt(2 * Math.PI) / x) * sum;
}

function alternatingSeries(x: number): number {
  let sum = 0;
  for (let k = 6; k >= 1; k -= 1) sum = Math.exp(-2 * k * k * x * x) - sum;
  return 2 * sum;
}
