import { gaussian, type Random } from '../../base/random.ts';

export function lognormal(random: Random, mu: number, sigma: number): number {
  return Math.exp(mu + sigma * gaussian(random));
}

export function exponential(random: Random, mean: number): number {
  return -mean * Math.log(1 - random());
}

/** Student's t by Bailey's polar method (1994): heavy tails, and no variance at all for two degrees of freedom or fewer. */
export function studentT(random: Random, degrees: number): number {
  const radius = Math.sqrt(degrees * ((1 - random()) ** (-2 / degrees) - 1));
  return radius * Math.cos(2 * Math.PI * random());
}

export function pareto(random: Random, smallest: number, shape: number): number {
  return smallest * (1 - random()) ** (-1 / shape);
}

/** Knuth's method; its work grows with the mean, so keep that small. */
export function poisson(random: Random, mean: number): number {
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = random(); product > limit; product *= random()) count += 1;
  return count;
}

/** A number strictly between 0 and 1: the logistic function of a normal one. */
export function logitNormal(random: Random, mu: number, sigma: number): number {
  return 1 / (1 + Math.exp(-(mu + sigma * gaussian(random))));
}

/** Draws one of `levels`; the k-th is as likely as 1/k (Zipf's law). */
export function zipf(levels: readonly string[]): (random: Random) => string {
  const total = levels.reduce((sum, _, position) => sum + 1 / (position + 1), 0);
  let sum = 0;
  const bounds = levels.map((_, position) => {
    sum += 1 / (position + 1) / total;
    return sum;
  });
  // Rounding must not leave a gap behind the last bound.
  bounds[levels.length - 1] = 1;
  return (random) => {
    const draw = random();
    let position = 0;
    while (draw >= (bounds[position] ?? 1)) position += 1;
    return levels[position] ?? '';
  };
}
