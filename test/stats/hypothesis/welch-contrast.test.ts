import { describe, expect, it } from 'vitest';
import { gaussian, seededRandom } from '../../../src/base/random.ts';
import { welchContrast } from '../../../src/stats/hypothesis/welch-contrast.ts';

function momentsOf(values: readonly number[]): { n: number; mean: number; variance: number } {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  return { n, mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1) };
}

describe('welchContrast', () => {
  it("is Welch's t-test with two samples", () => {
    // By hand: variances of the means 0.4 and 0.05.
    const found = welchContrast([
      { n: 10, mean: 5, variance: 4, weight: 1 },
      { n: 20, mean: 3, variance: 1, weight: -1 },
    ]);
    if (!found.defined) throw new Error(found.reason);
    expect(found.value.difference).toBe(2);
    expect(found.value.standardError).toBeCloseTo(Math.sqrt(0.45), 12);
    expect(found.value.degreesOfFreedom).toBeCloseTo(0.45 ** 2 / (0.4 ** 2 / 9 + 0.05 ** 2 / 19), 12);
    expect(found.value.pValue).toBeCloseTo(0.012147369943879, 12);
  });

  it('rejects as often as its p-value says, for two changes that are alike, with other spreads and sizes', () => {
    const random = seededRandom(7);
    const draw = (n: number, mean: number, spread: number): number[] =>
      Array.from({ length: n }, () => mean + spread * gaussian(random));
    let rejected = 0;
    const rounds = 2_000;
    for (let round = 0; round < rounds; round += 1) {
      const found = welchContrast([
        { ...momentsOf(draw(12, 3, 5)), weight: 1 },
        { ...momentsOf(draw(40, 2, 1)), weight: -1 },
        { ...momentsOf(draw(30, 1, 1)), weight: -1 },
        { ...momentsOf(draw(20, 0, 3)), weight: 1 },
      ]);
      if (found.defined && found.value.pValue < 0.05) rejected += 1;
    }
    expect(rejected / rounds).toBeGreaterThan(0.035);
    expect(rejected / rounds).toBeLessThan(0.065);
  });

  it('says why it has nothing to say', () => {
    const sample = { n: 5, mean: 1, variance: 0, weight: 1 };
    expect(welchContrast([sample, { ...sample, weight: -1 }])).toMatchObject({ defined: false });
    expect(welchContrast([{ ...sample, n: 1 }])).toEqual({
      defined: false,
      reason: 'it takes two values to have a spread',
    });
    expect(welchContrast([{ ...sample, variance: 1e308, weight: 1e10 }])).toMatchObject({ defined: false });
  });
});
