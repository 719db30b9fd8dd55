import { chiSquareSurvival } from './chi-square-survival.ts';

/**
 * Survival function of the standard normal distribution: the probability of a value above z. Keeps its
 * relative precision far into the upper tail, down to the smallest double near z = 38.
 *
 * @throws RangeError when z is not a number.
 *
 * @example
 * normalSurvival(1.959963984540054); // 0.025
 */
export function normalSurvival(z: number): number {
  const tail = chiSquareSurvival(z * z, 1) / 2;
  return z < 0 ? 1 - tail : tail;
}
