import { describe, expect, it } from 'vitest';
import { logHypergeometric } from '../../../src/stats/hypothesis/hypergeometric-probability.ts';

describe('logHypergeometric', () => {
  // Computed with mpmath at 50 digits.
  it.each([
    [1, 50, 5000, 6, -2.872141926207765],
    [3, 10, 15, 5, -1.4390449265054197],
    [0, 1000, 5000, 20, -3.6527796043305387],
    [10, 10, 10, 10, -12.126791314602453],
    [20, 1000, 5000, 20, -35.99473553237251],
    [7, 30, 5000, 907, -2.036158767311507],
    [999, 1000, 1000, 1500, -424.41468829172334],
    [500_000_000, 1_000_000_000, 1_000_000_000, 1_000_000_100, -10.240860681212945],
  ])('is exact for %d of %d beside %d, of which %d are marked', (count, n, m, marked, expected) => {
    expect(Math.abs(logHypergeometric(count, n, m, marked) - expected)).toBeLessThan(
      1e-13 * (1 + Math.abs(expected)),
    );
  });

  it('gives probabilities that add up to 1', () => {
    for (const [n, m, marked] of [
      [4, 9, 6],
      [50, 5000, 30],
      [400, 300, 500],
    ] as const) {
      let sum = 0;
      for (let count = 0; count <= n; count += 1) sum += Math.exp(logHypergeometric(count, n, m, marked));
      expect(Math.abs(sum - 1)).toBeLessThan(1e-12);
    }
  });

  it('is certain where nothing is left to chance, and impossible where counts do not fit', () => {
    expect(Math.abs(logHypergeometric(0, 7, 9, 0))).toBe(0);
    expect(Math.abs(logHypergeometric(7, 7, 9, 16))).toBe(0);
    expect(logHypergeometric(0, 0, 9, 3)).toBe(0);
    expect(logHypergeometric(3, 3, 0, 3)).toBe(0);
    for (const count of [-1, 6, 8]) {
      expect(logHypergeometric(count, 7, 9, 5)).toBe(Number.NEGATIVE_INFINITY);
    }
    expect(logHypergeometric(1, 7, 9, 12)).toBe(Number.NEGATIVE_INFINITY);
  });
});
