import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalSurvival } from '../../../src/stats/hypothesis/normal-survival.ts';
import { studentSurvival } from '../../../src/stats/hypothesis/student-survival.ts';
import { expectClose } from '../expect-computed.ts';

describe('studentSurvival', () => {
  // Computed with mpmath at 40 digits.
  it.each([
    [0.5, 1, 0.352416382349567],
    [2.2281388519649385, 10, 0.0250000000009043],
    [3, 48.7, 0.00212322803064488],
    [6, 99, 1.62295805617277e-8],
    [25, 60, 1.00711865289763e-33],
    [4.2, 250_000.5, 1.33503641273928e-5],
    [0.001, 30, 0.499604367883243],
    [38, 1e6, 4.860675e-316],
  ])('at %f with %f degrees of freedom is %g', (t, degrees, expected) => {
    expectClose(studentSurvival(t, degrees), expected, 1e-8);
  });

  it('is 0 where the probability is below the smallest double', () => {
    expect(studentSurvival(60, 2000)).toBe(0);
    expect(studentSurvival(Number.POSITIVE_INFINITY, 3)).toBe(0);
  });

  it('is that of the Cauchy distribution at one degree of freedom, and nearly the normal one at many', () => {
    fc.assert(
      fc.property(fc.double({ min: -50, max: 50, noNaN: true }), (t) => {
        expect(studentSurvival(t, 1)).toBeCloseTo(0.5 - Math.atan(t) / Math.PI, 12);
        expect(studentSurvival(t, 1e8)).toBeCloseTo(normalSurvival(t), 6);
      }),
    );
  });

  it('adds up to one with the tail on the other side, and falls with t', () => {
    const t = fc.double({ min: 0, max: 100, noNaN: true });
    fc.assert(
      fc.property(t, t, fc.double({ min: 0.1, max: 1e5, noNaN: true }), (a, b, degrees) => {
        expect(studentSurvival(a, degrees) + studentSurvival(-a, degrees)).toBeCloseTo(1, 12);
        expect(studentSurvival(Math.max(a, b), degrees)).toBeLessThanOrEqual(
          studentSurvival(Math.min(a, b), degrees) * (1 + 1e-12),
        );
      }),
    );
  });

  it('refuses what is no t distribution', () => {
    expect(() => studentSurvival(Number.NaN, 3)).toThrow(RangeError);
    expect(() => studentSurvival(1, 0)).toThrow(RangeError);
    expect(() => studentSurvival(1, Number.POSITIVE_INFINITY)).toThrow(RangeError);
  });
});
