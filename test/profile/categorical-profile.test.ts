import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CategoricalProfile, distinctCategories } from '../../src/profile/categorical-profile.ts';
import { emptyProfile, type FeatureSpec, mergeProfile, recorderFor } from '../../src/profile/feature-spec.ts';
import { DISTINCT_STANDARD_ERROR } from '../../src/stats/distinct/hyper-log-log.ts';
import { mergeAll } from './profiles.ts';

const SPEC: FeatureSpec = {
  kind: 'categorical',
  categories: ['a', 'b', '__proto__'],
  acceptsNumbers: false,
  complete: true,
};

/** Counts values; a new category is kept by name when `admit` says so. */
function counted(values: readonly unknown[], admit: (category: string) => boolean): CategoricalProfile {
  const profile = emptyProfile(SPEC) as CategoricalProfile;
  const record = recorderFor(SPEC);
  for (const value of values) record(profile, value, admit);
  return profile;
}

function distinctIn(profile: CategoricalProfile): number {
  const counted = distinctCategories(profile);
  if (!counted.defined) throw new Error(counted.reason);
  return counted.value.value;
}

const never = (): boolean => false;
const always = (): boolean => true;
const numbered = (count: number, from = 0): string[] =>
  Array.from({ length: count }, (_, i) => `new ${from + i}`);

describe('distinctCategories', () => {
  it('counts exactly what is known by name, those of the baseline and new ones', () => {
    const profile = counted(['a', 'a', '__proto__', 'x', 'x', 'y', null, 7], always);
    expect(distinctCategories(profile)).toEqual({ defined: true, value: { value: 4, exact: true } });
    expect(profile.registers).toHaveLength(0);
    expect(distinctIn(counted([], always))).toBe(0);
  });

  it('estimates those that have no name beside the baseline’s, within the error of the sketch', () => {
    for (const count of [50, 1_000, 20_000]) {
      const profile = counted(['a', 'b', ...numbered(count), ...numbered(count)], never);
      expect(distinctCategories(profile)).toMatchObject({ value: { exact: false } });
      expect(Math.abs(distinctIn(profile) / (count + 2) - 1)).toBeLessThan(3 * DISTINCT_STANDARD_ERROR);
    }
  });

  it('counts a category once that one part has by name and another one among the others', () => {
    const named = counted(numbered(300), always);
    const unnamed = counted(numbered(300), never);
    mergeProfile(named, unnamed);
    expect(named).toMatchObject({ n: 600, other: 300 });
    expect(Math.abs(distinctIn(named) - 300)).toBeLessThan(30);
    expect(distinctIn(named)).toBeGreaterThanOrEqual(300);
  });

  it('is never below the names that are known, nor above the values that there are', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constantFrom('a', 'b', 'x', 'y', '\ud800', '\udc00', ''), fc.string())),
        fc.constantFrom(never, always, (category: string) => category < 'n'),
        (values, admit) => {
          const profile = counted(values, admit);
          const distinct = distinctIn(profile);
          expect(distinct).toBeGreaterThanOrEqual(profile.extra.size);
          expect(distinct).toBeLessThanOrEqual(profile.n);
        },
      ),
    );
  });

  it('is not defined where values without a name were counted without a sketch of them', () => {
    const profile = { ...counted(numbered(3), never), registers: new Uint8Array(0) };
    expect(distinctCategories(profile)).toMatchObject({
      defined: false,
      reason: expect.stringMatching(/names/),
    });
  });
});

describe('the sketch of a categorical profile', () => {
  it('adds up: merging the parts is counting the whole, in any order, and leaves the parts alone', () => {
    const admit = (category: string): boolean => category.length < 3;
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 5 })), fc.nat(), (values, place) => {
        const cut = place % (values.length + 1);
        const parts = [counted(values.slice(0, cut), admit), counted(values.slice(cut), admit)];
        const before = structuredClone(parts);
        const whole = counted(values, admit);
        expect(mergeAll(SPEC, parts)).toEqual(whole);
        expect((mergeAll(SPEC, [...parts].reverse()) as CategoricalProfile).registers).toEqual(
          whole.registers,
        );
        expect(parts).toEqual(before);
      }),
      { numRuns: 60 },
    );
  });

  it('takes two texts for one that the store cannot tell apart', () => {
    const profile = counted(['x\ud800', 'x\udbff', 'x\ufffd'], never);
    expect(distinctIn(profile)).toBe(1);
  });
});
