import { expect } from 'vitest';

/**
 * Two p-values lead to the same decision at every usual level, unless the expected one is within a factor of
 * three of it.
 */
export function expectSameVerdict(actual: number, expected: number): void {
  for (const level of [0.05, 0.01, 0.001]) {
    if (expected > level / 3 && expected < level * 3) continue;
    expect(actual < level, `${actual} and ${expected} at ${level}`).toBe(expected < level);
  }
}
