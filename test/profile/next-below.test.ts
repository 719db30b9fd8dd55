import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextBelow } from '../../src/profile/next-below.ts';
import { anyNumber } from './number-arbitrary.ts';

describe('nextBelow', () => {
  it('is the largest double below a number: nothing fits in between', () => {
    const aboveTheLeast = anyNumber.filter((x) => x !== -Number.MAX_VALUE);
    fc.assert(
      fc.property(aboveTheLeast, (x) => {
        const below = nextBelow(x);
        expect(below).toBeLessThan(x);
        // Halves are exact but for the smallest numbers, which are whole multiples of one.
        const tiny = Math.abs(x) < 2 ** -1021;
        const middle = tiny ? below : below / 2 + x / 2;
        expect([below, x]).toContain(middle);
        if (tiny) expect(x - below).toBe(Number.MIN_VALUE);
      }),
    );
  });

  it('steps over zero of either sign, and stays at the least double', () => {
    expect(nextBelow(0)).toBe(-Number.MIN_VALUE);
    expect(nextBelow(-0)).toBe(-Number.MIN_VALUE);
    expect(nextBelow(Number.MIN_VALUE)).toBe(0);
    expect(nextBelow(1)).toBe(1 - Number.EPSILON / 2);
    expect(nextBelow(-1)).toBe(-1 - Number.EPSILON);
    expect(nextBelow(-Number.MAX_VALUE)).toBe(-Number.MAX_VALUE);
  });
});
