import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  emptyProfile,
  eventCount,
  type FeatureProfile,
  type FeatureSpec,
  isOutputFeature,
  mergeProfile,
  recorderFor,
} from '../../src/profile/feature-spec.ts';
import { buildGrid } from '../../src/profile/grid.ts';
import { INVALID, MISSING } from '../../src/profile/no-value.ts';
import { anyNumber, tameNumber } from './number-arbitrary.ts';
import { expectSameProfile, fold, mergeAll } from './profiles.ts';

const CATEGORIES = {
  kind: 'categorical',
  categories: ['a', 'b', '', '__proto__'],
  acceptsNumbers: true,
  complete: true,
} as const satisfies FeatureSpec;

const someValue = fc.oneof(
  fc.constantFrom(
    null,
    undefined,
    true,
    false,
    '',
    'a',
    'b',
    'c',
    '__proto__',
    'constructor',
    'ä',
    '\ud800',
    1,
  ),
  fc.string(),
  fc.constantFrom<unknown>({}, [], Number.POSITIVE_INFINITY, Number.NaN),
);

/** A numeric spec, values of all sorts, and the sum of the sizes of the numbers among them. */
const numericCase = fc
  .record({
    sample: fc.array(tameNumber, { minLength: 1, maxLength: 30 }),
    values: fc.array(fc.oneof({ weight: 4, arbitrary: tameNumber }, { weight: 1, arbitrary: someValue }), {
      maxLength: 30,
    }),
  })
  .map(({ sample, values }) => {
    const grid = buildGrid(sample);
    const reach = [...sample, ...values.filter(Number.isFinite)].reduce(
      (a: number, b) => a + Math.abs(b as number),
      1e-300,
    );
    return { spec: { kind: 'numeric', grid } as const, values, scale: reach * (values.length + 1) };
  });

const categoricalCase = fc
  .array(someValue, { maxLength: 30 })
  .map((values) => ({ spec: CATEGORIES, values, scale: 0 }));

describe.each([
  ['numeric', numericCase as fc.Arbitrary<{ spec: FeatureSpec; values: unknown[]; scale: number }>],
  ['categorical', categoricalCase],
])('%s profiles', (_, cases) => {
  it('add up: merging the parts is counting the whole, wherever it is cut', () => {
    fc.assert(
      fc.property(cases, ({ spec, values, scale }) => {
        const whole = fold(spec, values);
        for (let cut = 0; cut <= values.length; cut += 1) {
          const parts = [fold(spec, values.slice(0, cut)), fold(spec, values.slice(cut))];
          expectSameProfile(mergeAll(spec, parts), whole, scale);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('add up at every prefix of what follows', () => {
    fc.assert(
      fc.property(cases, fc.nat(), ({ spec, values, scale }, place) => {
        const cut = place % (values.length + 1);
        const first = fold(spec, values.slice(0, cut));
        for (let end = cut; end <= values.length; end += 1) {
          const parts = [first, fold(spec, values.slice(cut, end))];
          expectSameProfile(mergeAll(spec, parts), fold(spec, values.slice(0, end)), scale);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('do not care in which order they are merged, nor about empty ones', () => {
    fc.assert(
      fc.property(cases, fc.nat(), ({ spec, values, scale }, place) => {
        const cut = place % (values.length + 1);
        const [a, b] = [fold(spec, values.slice(0, cut)), fold(spec, values.slice(cut))];
        expectSameProfile(mergeAll(spec, [b, a]), mergeAll(spec, [a, b]), scale);
        expectSameProfile(mergeAll(spec, [emptyProfile(spec), a, emptyProfile(spec)]), a, 0);
      }),
      { numRuns: 60 },
    );
  });

  it('count every event once: as a value, as missing, or as invalid', () => {
    fc.assert(
      fc.property(cases, ({ spec, values }) => {
        const profile = fold(spec, values);
        const inCells = profile.cells.reduce((sum, count) => sum + count, 0);
        const beside =
          profile.kind === 'categorical'
            ? [...profile.extra.values()].reduce((a, b) => a + b, profile.other)
            : 0;
        expect(inCells + beside).toBe(profile.n);
        expect(eventCount(profile)).toBe(values.length);
        expect(profile.missing).toBe(values.filter((value) => value === null || value === undefined).length);
      }),
    );
  });
});

describe('recorderFor', () => {
  it('takes finite numbers for a numeric feature, and everything else for invalid or missing', () => {
    const spec: FeatureSpec = { kind: 'numeric', grid: buildGrid([1, 2, 3]) };
    const huge = JSON.parse('1e400') as unknown;
    const profile = fold(spec, [2, 2.5, null, undefined, '2', true, huge, {}, [2], Number.NaN]);
    expect(profile).toMatchObject({ n: 2, missing: 2, invalid: 6, min: 2, max: 2.5 });
  });

  it('takes strings and booleans for a categorical feature, and numbers only where they were declared', () => {
    const values = ['a', true, false, 1, 1.5, null, undefined, {}, Number.POSITIVE_INFINITY];
    const declared = fold(CATEGORIES, values);
    expect(declared).toMatchObject({ n: 5, missing: 2, invalid: 2 });
    expect(declared).toMatchObject({
      extra: new Map([...'true false 1 1.5'.split(' ')].map((name) => [name, 1])),
    });
    const undeclared = fold({ ...CATEGORIES, acceptsNumbers: false }, values);
    expect(undeclared).toMatchObject({ n: 3, missing: 2, invalid: 4 });
  });

  it('takes the empty string and the names of built-in things for categories like any other', () => {
    const profile = fold(CATEGORIES, [
      '',
      '',
      '__proto__',
      'constructor',
      'toString',
      'é',
      'e\u0301',
      '\ud83d\ude00',
    ]);
    expect([...profile.cells]).toEqual([0, 0, 2, 1]);
    expect(profile).toMatchObject({ n: 8, other: 0 });
    expect(profile.kind === 'categorical' && [...profile.extra.keys()]).toEqual([
      'constructor',
      'toString',
      'é',
      'e\u0301',
      '\ud83d\ude00',
    ]);
  });

  it('says where it counted a value, and that it counted none', () => {
    const record = recorderFor(CATEGORIES);
    const profile = emptyProfile(CATEGORIES);
    const where = ['b', 'a', 'new', null, {}].map((value) => record(profile, value, () => false));
    expect(where).toEqual([1, 0, CATEGORIES.categories.length, MISSING, INVALID]);
    const spec: FeatureSpec = { kind: 'numeric', grid: buildGrid([7]) };
    const numbers = emptyProfile(spec);
    expect([6, 7, 8, null, 'x'].map((value) => recorderFor(spec)(numbers, value, () => false))).toEqual([
      0,
      1,
      2,
      MISSING,
      INVALID,
    ]);
  });

  it('puts a new category that is not admitted into other', () => {
    const profile = emptyProfile(CATEGORIES);
    const record = recorderFor(CATEGORIES);
    for (const value of ['a', 'new', 'newer', 'new'])
      record(profile, value, (category) => category === 'new');
    expect(profile).toMatchObject({ n: 4, extra: new Map([['new', 2]]), other: 1 });
  });
});

describe('mergeProfile', () => {
  it('refuses profiles of two kinds', () => {
    const numeric = emptyProfile({ kind: 'numeric', grid: buildGrid([1]) });
    expect(() => mergeProfile(numeric, emptyProfile(CATEGORIES))).toThrow(/categorical/);
  });

  it('leaves the part alone, so that it can be merged again elsewhere', () => {
    fc.assert(
      fc.property(fc.array(anyNumber, { minLength: 1, maxLength: 10 }), (values) => {
        const spec: FeatureSpec = { kind: 'numeric', grid: buildGrid(values) };
        const part: FeatureProfile = fold(spec, values);
        const before = structuredClone(part);
        mergeAll(spec, [part, part]);
        expect(part).toEqual(before);
      }),
    );
  });
});

describe('isOutputFeature', () => {
  it('knows the two names under which a model’s output is profiled', () => {
    expect(['__prediction__', '__score__', 'amount', '__proto__'].map(isOutputFeature)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});
