import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fisherExact } from '../../../src/stats/hypothesis/fisher-exact.ts';
import { expectClose } from '../expect-computed.ts';

const share = fc
  .integer({ min: 0, max: 60 })
  .chain((n) => fc.tuple(fc.integer({ min: 0, max: n }), fc.constant(n)));

/** Number of ways to choose k of n, exactly. */
function choose(n: number, k: number): bigint {
  let ways = 1n;
  for (let i = 0; i < k; i += 1) ways = (ways * BigInt(n - i)) / BigInt(i + 1);
  return ways;
}

/** Both tails in whole numbers. */
function exactly(count: number, n: number, otherCount: number, otherN: number): number {
  const marked = count + otherCount;
  let below = 0n;
  let above = 0n;
  for (let x = Math.max(0, marked - otherN); x <= Math.min(n, marked); x += 1) {
    const ways = choose(n, x) * choose(otherN, marked - x);
    if (x <= count) below += ways;
    if (x >= count) above += ways;
  }
  const smaller = below < above ? below : above;
  return Math.min(1, (2 * Number(smaller)) / Number(choose(n + otherN, marked)));
}

describe('fisherExact', () => {
  it('doubles the smaller tail that counting in whole numbers gives', () => {
    fc.assert(
      fc.property(share, share, ([count, n], [otherCount, otherN]) => {
        expectClose(fisherExact(count, n, otherCount, otherN), exactly(count, n, otherCount, otherN), 1e-12);
      }),
    );
  });

  // Computed with mpmath at 30 digits.
  it.each([
    [1, 50, 5, 5000, 0.11596553261223133],
    [20, 1000, 0, 5000, 4.663532163838523e-16],
    [10, 10, 0, 10, 1.082508822446903e-5],
    [480, 1000, 0, 1000, 2.534726382202329e-178],
    [750, 1500, 0, 1500, 1.8918998827643816e-281],
    [9, 5000, 1, 5000, 0.021422882344527144],
    [99_990, 100_000, 99_960, 100_000, 2.380846046021548e-5],
    [50, 50, 4000, 5000, 3.040938752351733e-5],
    [1_000_600, 1e9, 1_000_000, 1e9, 0.6717806783155892],
    [500_100_000, 1e9, 500_000_000, 1e9, 7.745835636828555e-6],
  ])('is exact for %d of %d beside %d of %d', (count, n, otherCount, otherN, expected) => {
    expectClose(fisherExact(count, n, otherCount, otherN), expected, 1e-11);
  });

  it('is the same with samples swapped, and with counted and not counted swapped', () => {
    fc.assert(
      fc.property(share, share, ([count, n], [otherCount, otherN]) => {
        const pValue = fisherExact(count, n, otherCount, otherN);
        expectClose(fisherExact(otherCount, otherN, count, n), pValue, 1e-12);
        expectClose(fisherExact(n - count, n, otherN - otherCount, otherN), pValue, 1e-12);
      }),
    );
  });

  it('is 1 where the tables leave no choice', () => {
    expect(fisherExact(0, 0, 3, 9)).toBe(1);
    expect(fisherExact(3, 9, 0, 0)).toBe(1);
    expect(fisherExact(0, 50, 0, 5000)).toBe(1);
    expect(fisherExact(50, 50, 5000, 5000)).toBe(1);
  });

  it('is 0 where no double is small enough', () => {
    expect(fisherExact(1e6, 1e6, 0, 1e6)).toBe(0);
  });

  it.each([
    [3, 2, 1, 5],
    [-1, 2, 1, 5],
    [1, 2, 1.5, 5],
    [1, 2, Number.NaN, 5],
    [1, Number.POSITIVE_INFINITY, 1, 5],
  ])('refuses %d of %d beside %d of %d', (count, n, otherCount, otherN) => {
    expect(() => fisherExact(count, n, otherCount, otherN)).toThrow(RangeError);
  });
});
