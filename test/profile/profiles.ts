import { expect } from 'vitest';
import {
  emptyProfile,
  type FeatureProfile,
  type FeatureSpec,
  mergeProfile,
  recorderFor,
} from '../../src/profile/feature-spec.ts';

/** Counts values one by one; every new category by name. */
export function fold(spec: FeatureSpec, values: readonly unknown[]): FeatureProfile {
  const profile = emptyProfile(spec);
  const record = recorderFor(spec);
  for (const value of values) record(profile, value, () => true);
  return profile;
}

/** The sum of profiles, in the order given. */
export function mergeAll(spec: FeatureSpec, parts: readonly FeatureProfile[]): FeatureProfile {
  const whole = emptyProfile(spec);
  for (const part of parts) mergeProfile(whole, part);
  return whole;
}

/** Same counts exactly (zero has no sign); sums, whose order of addition differs, to 1e-9 of the sizes that went into them. */
export function expectSameProfile(actual: FeatureProfile, expected: FeatureProfile, scale: number): void {
  const { cells, ...rest } = actual;
  const { cells: expectedCells, ...expectedRest } = expected;
  expect([...cells]).toEqual([...expectedCells]);
  if (rest.kind !== 'numeric' || expectedRest.kind !== 'numeric') {
    expect(rest).toEqual(expectedRest);
    return;
  }
  for (const name of ['n', 'missing', 'invalid', 'min', 'max'] as const)
    expect(rest[name] + 0).toBe(expectedRest[name] + 0);
  for (const name of ['sum', 'lowExcess', 'highExcess'] as const) {
    expect(Math.abs(rest[name] - expectedRest[name])).toBeLessThanOrEqual(1e-9 * scale);
  }
  expect(Math.abs(rest.sumSquares - expectedRest.sumSquares)).toBeLessThanOrEqual(
    1e-9 * expectedRest.sumSquares,
  );
}
