import { binomialDraw } from '../../src/stats/sampling/binomial-draw.ts';
import type { Histograms } from './histograms.ts';

/** A sample of `size` values from a distribution over cells, given by weights that need not add up to 1. */
export function drawHistogram(size: number, weights: readonly number[], random: () => number): number[] {
  let rest = weights.reduce((sum, weight) => sum + weight, 0);
  let left = size;
  return weights.map((weight, i) => {
    const count = i === weights.length - 1 ? left : binomialDraw(left, weight / rest, random);
    rest -= weight;
    left -= count;
    return count;
  });
}

/** Two samples of the given sizes from one distribution, as often as asked. */
export function* pairsWithoutDrift(
  pairs: number,
  sizes: readonly [reference: number, current: number],
  weights: readonly number[],
  random: () => number,
): Generator<Histograms> {
  for (let i = 0; i < pairs; i += 1) {
    const reference = drawHistogram(sizes[0], weights, random);
    yield { reference, current: drawHistogram(sizes[1], weights, random) };
  }
}

const integersTo = (end: number): number[] => Array.from({ length: end }, (_, i) => i);

/** Distributions over cells that tests of two samples get wrong: skewed, tied, nearly constant. */
export const AWKWARD_SHAPES: Readonly<Record<string, readonly number[]>> = {
  'a hundred equal cells': integersTo(100).map(() => 1),
  'three values': [5, 3, 2],
  'a long tail': integersTo(40).map((i) => 0.8 ** i),
  'zero in 90 % of cases': [900, ...integersTo(100).map(() => 1)],
  'zero in 99.9 % of cases': [99_900, ...integersTo(100).map(() => 1)],
  'two values, one of them rare': [995, 5],
  'one value in the middle of all others': [
    ...integersTo(40).map(() => 1),
    800,
    ...integersTo(40).map(() => 1),
  ],
};
