import { gaussian, seededRandom } from '../../src/base/random.ts';

export interface NumericPair {
  readonly name: string;
  readonly reference: readonly number[];
  readonly current: readonly number[];
}

/** Pairs that are hard on a grid: ties, tails, gaps, tiny and unequal sizes, numbers far from 1 in size. */
export function numericPairs(): readonly NumericPair[] {
  const random = seededRandom(20_261_122);
  const draw = (count: number, value: () => number): number[] => Array.from({ length: count }, value);
  const normal = (): number => gaussian(random);
  const cauchy = (): number => Math.tan(Math.PI * (random() - 0.5));
  const lognormal = (): number => Math.exp(gaussian(random));
  const pareto = (): number => 1 / (1 - random());
  const clusters = (): number => (random() < 0.5 ? normal() : 1_000 + normal());
  const dice = (): number => 1 + Math.floor(random() * 6);
  const pair = (
    name: string,
    [references, reference]: readonly [number, () => number],
    [currents, current]: readonly [number, () => number],
  ): NumericPair => ({ name, reference: draw(references, reference), current: draw(currents, current) });
  return [
    pair('normal, nothing changed', [5_000, normal], [5_000, normal]),
    pair('normal, a hair to the right', [5_000, normal], [1_000, () => normal() + 0.05]),
    pair('normal, against 20 values', [5_000, normal], [20, normal]),
    pair('20 values, against many', [20, normal], [5_000, normal]),
    pair('3 values against 2', [3, normal], [2, normal]),
    { name: 'one value against another', reference: [3], current: [5] },
    { name: 'one value against many', reference: [3], current: draw(500, normal) },
    { name: 'many values against one', reference: draw(500, normal), current: [0.1] },
    { name: 'two values against themselves', reference: [1, 2], current: [2, 1] },
    { name: 'a constant against a lower one', reference: draw(50, () => 7), current: draw(80, () => -7) },
    { name: 'a constant against itself', reference: draw(50, () => 0.1), current: draw(70, () => 0.1) },
    {
      name: 'a constant that begins to vary',
      reference: draw(400, () => 7),
      current: draw(300, () => 7 + normal()),
    },
    { name: 'values that become a constant', reference: draw(400, normal), current: draw(300, () => 0) },
    pair('far above the range', [1_000, normal], [1_000, () => 1e9 + normal()]),
    pair('far below the range', [1_000, normal], [1_000, () => -1e9 + normal()]),
    pair('far on both sides', [1_000, normal], [1_000, () => 1e6 * normal()]),
    pair('a few far outliers', [1_000, normal], [1_000, () => (random() < 0.01 ? 1e5 : normal())]),
    pair('narrower than the range', [2_000, normal], [2_000, () => normal() / 100]),
    pair('Cauchy, nothing changed', [2_000, cauchy], [2_000, cauchy]),
    pair('Cauchy, wider', [2_000, cauchy], [1_000, () => 1.5 * cauchy()]),
    pair('Cauchy, 300 against 3000', [300, cauchy], [3_000, cauchy]),
    pair('Pareto of exponent 1', [3_000, pareto], [3_000, pareto]),
    pair('lognormal, shifted', [2_000, lognormal], [2_000, () => lognormal() + 0.1]),
    pair('lognormal to the fourth', [2_000, () => lognormal() ** 4], [2_000, () => lognormal() ** 4]),
    pair(
      'two clusters, one of them heavier',
      [2_000, clusters],
      [2_000, () => (random() < 0.55 ? normal() : 1_000 + normal())],
    ),
    pair(
      'two clusters, values in between',
      [2_000, clusters],
      [2_000, () => (random() < 0.1 ? 500 : clusters())],
    ),
    pair('dice', [3_000, dice], [3_000, dice]),
    pair('dice that show fractions', [3_000, dice], [3_000, () => dice() + 0.3]),
    pair(
      'mostly zeros',
      [3_000, () => (random() < 0.8 ? 0 : lognormal())],
      [3_000, () => (random() < 0.85 ? 0 : lognormal())],
    ),
    pair(
      'nearly all ties',
      [1_000, () => (random() < 0.99 ? 5 : normal())],
      [1_000, () => (random() < 0.98 ? 5 : normal())],
    ),
    pair('zeros and ones', [1_000, () => Math.round(random())], [1_000, () => Math.round(random() * 0.9)]),
    pair(
      'a sentinel of -999',
      [2_000, () => (random() < 0.05 ? -999 : 40 + normal())],
      [2_000, () => (random() < 0.08 ? -999 : 40 + normal())],
    ),
    pair(
      'the size of epoch milliseconds',
      [2_000, () => 1.7e12 + normal()],
      [2_000, () => 1.7e12 + 0.2 + normal()],
    ),
    pair(
      'epoch milliseconds over a day',
      [2_000, () => 1.7e12 + Math.floor(random() * 864e5)],
      [2_000, () => 1.7e12 + Math.floor(random() * 864e5) + 36e5],
    ),
    pair('numbers of size 1e-9', [2_000, () => 1e-9 * normal()], [2_000, () => 1e-9 * (normal() + 0.3)]),
    pair(
      'numbers of size 1e-300',
      [2_000, () => 1e-300 * normal()],
      [2_000, () => 1e-300 * (normal() + 0.3)],
    ),
    pair('numbers of size 1e150', [2_000, () => 1e150 * normal()], [2_000, () => 1e150 * (normal() + 0.3)]),
  ];
}
