const STIRLING_FROM = 16;

/**
 * Logarithm of a binomial probability: of `count` successes in `trials`, each with chance p, in Loader's saddle-point form, in
 * which nothing large cancels.
 *
 * -Infinity where it cannot happen, NaN for chances outside 0 to 1.
 *
 * Reference: Loader, Fast and accurate computation of binomial probabilities (2000); R's `dbinom`.
 *
 * @param count whole, 0 to `trials`
 * @param q 1 - p, given for its digits where p is near 1
 */
export function logBinomial(count: number, trials: number, p: number, q: number): number {
  if (trials === 0) return 0;
  if (count === 0) return trials * logOfComplement(q, p);
  if (count === trials) return trials * logOfComplement(p, q);
  const rest = trials - count;
  return (
    stirlingError(trials) -
    stirlingError(count) -
    stirlingError(rest) -
    deviance(count, trials * p) -
    deviance(rest, trials * q) +
    0.5 * Math.log(trials / (2 * Math.PI * count) / rest)
  );
}

/** Logarithm of q = 1 - p, precise for a q near 1. */
function logOfComplement(q: number, p: number): number {
  return p < 0.1 ? Math.log1p(-p) : Math.log(q);
}

/** ln k! less Stirling's formula for it. */
function stirlingError(k: number): number {
  if (k < STIRLING_FROM) {
    let factorial = 1;
    for (let i = 2; i <= k; i += 1) factorial *= i;
    return Math.log(factorial) - ((k + 0.5) * Math.log(k) - k + 0.5 * Math.log(2 * Math.PI));
  }
  const square = k * k;
  return (1 / 12 - (1 / 360 - (1 / 1260 - 1 / 1680 / square) / square) / square) / k;
}

/** x ln(x / mean) + mean - x, without cancellation where x is near the mean. */
function deviance(x: number, mean: number): number {
  const ratio = (x - mean) / (x + mean);
  if (Math.abs(ratio) >= 0.1) return x * Math.log(x / mean) + mean - x;
  // x ln(x / mean) = 2 x artanh(ratio), of which the first term nearly cancels mean - x.
  let sum = (x - mean) * ratio;
  let power = 2 * x * ratio;
  for (let k = 3; ; k += 2) {
    power *= ratio * ratio;
    const next = sum + power / k;
    if (next === sum) return sum;
    sum = next;
  }
}
