import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addToRegisters,
  DISTINCT_STANDARD_ERROR,
  emptyRegisters,
  estimateDistinct,
  mergeRegisters,
} from '../../../src/stats/distinct/hyper-log-log.ts';

function sketchOf(texts: Iterable<string>): Uint8Array {
  const registers = emptyRegisters();
  for (const text of texts) addToRegisters(registers, text);
  return registers;
}

/** `count` different texts of the kinds that categories are made of. */
function* texts(count: number, run: number): Iterable<string> {
  const kinds = [
    (i: number) => `user-${run}-${i}`,
    (i: number) => String(run * 1e7 + i),
    (i: number) => `${i}/${run}`,
  ];
  for (let i = 0; i < count; i += 1) yield (kinds[run % 3] as (i: number) => string)(i);
}

/** Relative errors of repeated estimates: their mean, and their root mean square. */
function errorsAt(count: number, runs: number): { bias: number; rms: number } {
  const errors = Array.from(
    { length: runs },
    (_, run) => estimateDistinct(sketchOf(texts(count, run))) / count - 1,
  );
  return {
    bias: errors.reduce((sum, error) => sum + error, 0) / runs,
    rms: Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0) / runs),
  };
}

describe('estimateDistinct', () => {
  it('states a standard error of 3.25 %', () => {
    expect(DISTINCT_STANDARD_ERROR).toBeCloseTo(0.0325, 12);
  });

  it.each([
    [100, 120, 0.7],
    [1_000, 120, 0.9],
    [2_500, 120, 1],
    [5_000, 90, 1],
    [30_000, 30, 1],
  ])('of %i texts errs by the standard error it states, without a bias', (count, runs, share) => {
    const { bias, rms } = errorsAt(count, runs);
    // The root mean square of so many runs itself varies by a fifth at most.
    expect(rms).toBeLessThan(1.2 * share * DISTINCT_STANDARD_ERROR);
    expect(Math.abs(bias)).toBeLessThan((4 * share * DISTINCT_STANDARD_ERROR) / Math.sqrt(runs));
  });

  it('is 0 for nothing, and nearly exact for a few', () => {
    expect(estimateDistinct(emptyRegisters())).toBe(0);
    for (const count of [1, 2, 5, 20])
      expect(Math.abs(estimateDistinct(sketchOf(texts(count, 1))) - count)).toBeLessThan(0.1 + count / 20);
  });

  it('is a number for any registers', () => {
    fc.assert(
      fc.property(fc.uint8Array({ max: 33, minLength: 1024, maxLength: 1024 }), (registers) => {
        expect(Number.isFinite(estimateDistinct(registers))).toBe(true);
      }),
      { numRuns: 50 },
    );
    const almostFull = new Uint8Array(1024).fill(33);
    almostFull[0] = 32;
    expect(estimateDistinct(almostFull)).toBeGreaterThan(1e12);
  });
});

describe('registers', () => {
  it('merge to those of all texts, in any order and however often', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.array(fc.string()), (a, b) => {
        const whole = sketchOf([...a, ...b]);
        for (const parts of [
          [a, b],
          [b, a],
          [a, b, a],
          [[], a, b, []],
        ]) {
          const merged = emptyRegisters();
          for (const part of parts) mergeRegisters(merged, sketchOf(part));
          expect(merged).toEqual(whole);
        }
      }),
    );
  });
});
