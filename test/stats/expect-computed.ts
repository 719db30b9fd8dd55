import { expect } from 'vitest';
import type { Computed } from '../../src/stats/computed.ts';

/** The value; fails the test with the reason when there is none. */
export function definedValue<T>(computed: Computed<T>): T {
  if (!computed.defined) throw new Error(`expected a value, not: ${computed.reason}`);
  return computed.value;
}

export function expectUndefined(computed: Computed<unknown>, reason: RegExp): void {
  expect(computed).toEqual({ defined: false, reason: expect.stringMatching(reason) });
}

/** The tolerance of the published cases for everything that is exact. */
export function expectClose(actual: number, expected: number, relative = 1e-9): void {
  expect(Math.abs(actual - expected), `${actual} against ${expected}`).toBeLessThanOrEqual(
    relative * Math.abs(expected),
  );
}
