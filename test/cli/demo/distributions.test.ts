import { describe, expect, it } from 'vitest';
import { type Random, seededRandom } from '../../../src/base/random.ts';
import {
  exponential,
  logitNormal,
  lognormal,
  pareto,
  poisson,
  studentT,
  zipf,
} from '../../../src/cli/demo/distributions.ts';

const COUNT = 50_000;

function sorted(draw: (random: Random) => number): number[] {
  const random = seededRandom(11);
  return Array.from({ length: COUNT }, () => draw(random)).sort((a, b) => a - b);
}

function quantile(values: readonly number[], share: number): number {
  return values[Math.floor(share * values.length)] ?? Number.NaN;
}

describe('a distribution', () => {
  it.each<[string, (random: Random) => number, median: number, ninetieth: number]>([
    ['lognormal', (random) => lognormal(random, 2, 0.5), Math.exp(2), Math.exp(2 + 0.5 * 1.2816)],
    ['exponential', (random) => exponential(random, 10), 10 * Math.log(2), 10 * Math.log(10)],
    ['Pareto', (random) => pareto(random, 5, 1.5), 5 * 2 ** (1 / 1.5), 5 * 10 ** (1 / 1.5)],
    ['logit-normal', (random) => logitNormal(random, -1, 1), 0.26894, 0.56999],
  ])('(%s) has the quantiles of the textbook', (_, draw, median, ninetieth) => {
    const values = sorted(draw);
    expect(Math.abs(quantile(values, 0.5) / median - 1)).toBeLessThan(0.03);
    expect(Math.abs(quantile(values, 0.9) / ninetieth - 1)).toBeLessThan(0.03);
  });

  it("(Student's t with 3 degrees of freedom) is symmetric and has heavy tails", () => {
    const values = sorted((random) => studentT(random, 3));
    expect(Math.abs(quantile(values, 0.5))).toBeLessThan(0.03);
    expect(Math.abs(quantile(values, 0.975) - 3.1824)).toBeLessThan(0.15);
    expect(Math.abs(quantile(values, 0.025) + 3.1824)).toBeLessThan(0.15);
  });

  it('(Poisson) has mean and variance alike', () => {
    const values = sorted((random) => poisson(random, 2.2));
    const mean = values.reduce((sum, value) => sum + value, 0) / COUNT;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / COUNT;
    expect(Math.abs(mean - 2.2)).toBeLessThan(0.05);
    expect(Math.abs(variance - 2.2)).toBeLessThan(0.1);
  });

  it('(Zipf) gives the k-th level a k-th of the first one, and leaves none out', () => {
    const levels = ['a', 'b', 'c', 'd'];
    const draw = zipf(levels);
    const random = seededRandom(5);
    const counts = new Map<string, number>();
    for (let i = 0; i < COUNT; i += 1) {
      const level = draw(random);
      counts.set(level, (counts.get(level) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual(levels);
    const first = COUNT / (1 + 1 / 2 + 1 / 3 + 1 / 4);
    for (const [position, level] of levels.entries()) {
      expect(Math.abs((counts.get(level) ?? 0) / (first / (position + 1)) - 1)).toBeLessThan(0.05);
    }
  });
});
