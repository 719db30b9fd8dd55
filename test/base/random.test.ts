import { describe, expect, it } from 'vitest';
import { gaussian, seededRandom } from '../../src/base/random.ts';

function draw(count: number, next: () => number): number[] {
  return Array.from({ length: count }, next);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

describe('seeded random numbers', () => {
  it('are the same for the same seed and others for another', () => {
    expect(draw(100, seededRandom(7))).toEqual(draw(100, seededRandom(7)));
    expect(draw(100, seededRandom(7))).not.toEqual(draw(100, seededRandom(8)));
    expect(draw(100, seededRandom(2 ** 32 + 7))).not.toEqual(draw(100, seededRandom(7)));
  });

  it('are spread evenly over [0, 1)', () => {
    const values = draw(100_000, seededRandom(1));
    expect(Math.min(...values.slice(0, 1_000))).toBeGreaterThanOrEqual(0);
    const tenths = new Array<number>(10).fill(0);
    for (const value of values) tenths[Math.floor(value * 10)]! += 1;
    // Five standard deviations of a binomial count.
    for (const count of tenths) expect(Math.abs(count - 10_000)).toBeLessThan(5 * Math.sqrt(9_000));
  });

  it('do not show the seed in their first draw', () => {
    const first = draw(
      1_000,
      (() => {
        let seed = 0;
        return () => seededRandom(seed++)();
      })(),
    );
    expect(Math.abs(mean(first) - 0.5)).toBeLessThan(5 * Math.sqrt(1 / 12 / 1_000));
  });
});

describe('gaussian numbers', () => {
  it('have mean 0, variance 1, no skew and the kurtosis of the normal distribution', () => {
    const random = seededRandom(3);
    const values = draw(200_000, () => gaussian(random));
    const moment = (power: number): number => mean(values.map((value) => value ** power));
    expect(moment(1)).toBeCloseTo(0, 1);
    expect(moment(2)).toBeCloseTo(1, 1);
    expect(Math.abs(moment(3))).toBeLessThan(0.05);
    expect(Math.abs(moment(4) - 3)).toBeLessThan(0.15);
  });
});
