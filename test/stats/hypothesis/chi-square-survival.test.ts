import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chiSquareSurvival } from '../../../src/stats/hypothesis/chi-square-survival.ts';
import { expectClose } from '../expect-computed.ts';

describe('chiSquareSurvival', () => {
  // Computed with mpmath at 50 digits.
  it.each([
    [1e-9, 1, 0.999974768674784],
    [3.841458820694124, 1, 0.05000000000000006],
    [0.5, 3, 0.9188914116546758],
    [20, 9, 0.017912404529843273],
    [900, 9, 6.186801032394574e-188],
    [1400, 2, 9.85967654375977e-305],
    [80, 100, 0.9296649333406051],
    [500, 400, 0.00048221275959343376],
  ])('is exact at %d with %d degrees of freedom', (statistic, degrees, expected) => {
    expectClose(chiSquareSurvival(statistic, degrees), expected, 1e-11);
  });

  it.each([
    [1999, 1500, 6.595720707238402e-17],
    [2001, 1500, 5.1167816308956943e-17],
    [2150, 430, 4.14122969069523e-226],
    [2079, 2100, 0.6235537906417007],
    [2100, 2100, 0.4958961029787101],
    [2121, 2100, 0.36947590291343435],
    [2199, 2100, 0.06495149821154936],
    [5050, 5000, 0.30677794962244354],
    [100_000, 100_000, 0.4994052918952067],
    [100_000, 100_099, 0.5870037215348005],
    [110_000, 100_000, 2.5841772471796377e-104],
  ])(
    'is exact at %d with %d degrees of freedom, as thousands of categories give',
    (statistic, degrees, expected) => {
      expectClose(chiSquareSurvival(statistic, degrees), expected, 1e-11);
    },
  );

  it('is 1 at 0, and 0 where no double is small enough', () => {
    expect(chiSquareSurvival(0, 1)).toBe(1);
    expect(chiSquareSurvival(0, 5000)).toBe(1);
    expect(chiSquareSurvival(1e6, 3)).toBe(0);
    expect(chiSquareSurvival(Number.MAX_VALUE, 3)).toBe(0);
    expect(chiSquareSurvival(Number.POSITIVE_INFINITY, 3)).toBe(0);
  });

  it('is a probability that never rises with the statistic', () => {
    const statistic = fc.double({ min: 0, max: 5000, noNaN: true });
    fc.assert(
      fc.property(statistic, statistic, fc.integer({ min: 1, max: 4000 }), (x, y, degrees) => {
        const near = chiSquareSurvival(Math.min(x, y), degrees);
        const far = chiSquareSurvival(Math.max(x, y), degrees);
        expect(near).toBeLessThanOrEqual(1);
        expect(far).toBeGreaterThanOrEqual(0);
        expect(far).toBeLessThanOrEqual(near * (1 + 1e-10));
      }),
    );
  });

  it.each([
    [-1, 3],
    [Number.NaN, 3],
    [1, 0],
    [1, Number.POSITIVE_INFINITY],
  ])('refuses (%d, %d)', (statistic, degrees) => {
    expect(() => chiSquareSurvival(statistic, degrees)).toThrow(RangeError);
  });
});
