import { gaussian, type Random } from '../../src/base/random.ts';

/**
 * Draws one value. `wave` is where the day stands, from -1 to 1; 0 where time does not matter. NaN is a missing value, and
 * a category is a whole number.
 */
export type Draw = (random: Random, wave: number) => number;

/** Normal; `rhythm` standard deviations up and down over the day. */
export function normal(mean: number, std: number, rhythm = 0): Draw {
  return (random, wave) => mean + std * (gaussian(random) + rhythm * wave);
}

export function lognormal(sigma: number, rhythm = 0): Draw {
  return (random, wave) => Math.exp(sigma * (gaussian(random) + rhythm * wave));
}

/** Student's t (Bailey 1994). Below three degrees of freedom it has no variance. */
export function studentT(degrees: number, rhythm = 0): Draw {
  return (random, wave) => {
    const radius = Math.sqrt(degrees * ((1 - random()) ** (-2 / degrees) - 1));
    return radius * Math.cos(2 * Math.PI * random()) + rhythm * wave;
  };
}

/** Pareto from 1 up. At a tail index of 2 and below it has no variance. */
export function pareto(index: number, rhythm = 0): Draw {
  return (random, wave) => (1 - random()) ** (-1 / index) * Math.exp(rhythm * wave);
}

/** Poisson, by adding up waiting times in the exponent (Knuth); `rhythm` moves the logarithm of its mean. */
export function poisson(mean: number, rhythm = 0): Draw {
  return (random, wave) => {
    const limit = Math.exp(-mean * Math.exp(rhythm * wave));
    let count = -1;
    for (let product = 1; product > limit; product *= 1 - random()) count += 1;
    return count;
  };
}

/** Categories of one probability; `rhythm` tilts them towards the first or the last. */
export function uniformCategory(categories: number, rhythm = 0): Draw {
  return rhythm === 0
    ? (random) => Math.floor(random() * categories)
    : (random, wave) => Math.floor(random() ** Math.exp(rhythm * wave) * categories);
}

/** Categories with probabilities in proportion to (position + 1)^-exponent. */
export function zipfCategory(categories: number, exponent: number): Draw {
  const cumulative = new Float64Array(categories);
  let total = 0;
  for (let i = 0; i < categories; i += 1) {
    total += (i + 1) ** -exponent;
    cumulative[i] = total;
  }
  return (random) => {
    const target = random() * total;
    let low = 0;
    let high = categories - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((cumulative[middle] as number) <= target) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

/** With this probability another value: NaN for a missing one, 0 for an inflated zero, a code for a new category. */
export function sometimes(probability: number, value: number, otherwise: Draw): Draw {
  return (random, wave) => (random() < probability ? value : otherwise(random, wave));
}
