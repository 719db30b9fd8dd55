import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { interpolate } from '../../../src/stats/quantile/interpolate.ts';

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });

describe('interpolate', () => {
  it('gives the ends exactly', () => {
    fc.assert(
      fc.property(finite, finite, (a, b) => {
        // === rather than toBe: the sign of a zero does not matter.
        expect(interpolate(a, b, 0) === a).toBe(true);
        expect(interpolate(a, b, 1) === b).toBe(true);
      }),
    );
  });

  it('is finite even when the difference is not', () => {
    expect(interpolate(-Number.MAX_VALUE, Number.MAX_VALUE, 0.5)).toBe(0);
  });

  it('rounds from the nearer end', () => {
    expect(interpolate(0.1, 0.7, 0.3)).toBe(0.1 + (0.7 - 0.1) * 0.3);
    expect(interpolate(0.1, 0.7, 0.9)).toBe(0.7 - (0.7 - 0.1) * (1 - 0.9));
  });
});
