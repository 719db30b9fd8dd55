import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CategoricalProfile, distinctCategories } from '../../src/profile/categorical-profile.ts';
import { CompactLayout, CompactProfiles } from '../../src/profile/compact-profiles.ts';
import { CountedRow } from '../../src/profile/counted-row.ts';
import { emptyProfile, type FeatureSpec, recorderFor } from '../../src/profile/feature-spec.ts';
import { buildGrid } from '../../src/profile/grid.ts';
import { anyNumber } from './number-arbitrary.ts';

const SPECS: ReadonlyArray<[string, FeatureSpec]> = [
  ['amount', { kind: 'numeric', grid: buildGrid([1, 2, 3, 5, 8, 13, 21]) }],
  ['country', { kind: 'categorical', categories: ['DE', 'FR'], acceptsNumbers: true, complete: true }],
  ['age', { kind: 'numeric', grid: buildGrid([7]) }],
  ['none', { kind: 'categorical', categories: [], acceptsNumbers: false, complete: true }],
];

const anyValue = fc.oneof(
  anyNumber,
  fc.constantFrom<unknown>(
    null,
    undefined,
    true,
    'DE',
    'FR',
    'US',
    'IT',
    '__proto__',
    '\ud800',
    {},
    Number.NaN,
  ),
);

const isAdmitted = (category: string): boolean => category !== 'IT' && category !== '\ud800';

/** What the recorders say of these values. */
function rowOf(...values: readonly unknown[]): CountedRow {
  const row = new CountedRow(SPECS.map(([, spec]) => spec));
  SPECS.forEach(([, spec], i) => {
    row.take(i, recorderFor(spec)(emptyProfile(spec), values[i], isAdmitted), values[i]);
  });
  return row;
}

describe('compact profiles', () => {
  it('count what profiles count one by one, to the last bit', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(anyValue, anyValue, anyValue, anyValue), { maxLength: 40 }), (rows) => {
        const compact = new CompactProfiles(new CompactLayout(SPECS));
        const single = SPECS.map(([, spec]) => ({ record: recorderFor(spec), profile: emptyProfile(spec) }));
        const counted = new CountedRow(SPECS.map(([, spec]) => spec));
        for (const row of rows) {
          single.forEach(({ record, profile }, i) => {
            counted.take(i, record(profile, row[i], isAdmitted), row[i]);
          });
          compact.add(counted, SPECS.length, (_, category) => isAdmitted(category));
        }
        const expanded = compact.expand();
        expect([...expanded.keys()]).toEqual(SPECS.map(([name]) => name));
        expect([...expanded.values()]).toEqual(single.map(({ profile }) => profile));
      }),
      { numRuns: 200 },
    );
  });

  it('count values of the first features where an event has no others', () => {
    const compact = new CompactProfiles(new CompactLayout(SPECS));
    const row = rowOf(3, 'DE', 7, null);
    for (let i = 0; i < 100; i += 1) compact.add(row, i % 2 === 0 ? 2 : 4, () => false);
    const counted = [...compact.expand().values()].map((profile) => [profile.n, profile.missing]);
    expect(counted).toEqual([
      [100, 0],
      [100, 0],
      [50, 0],
      [0, 50],
    ]);
    expect(compact.expand().get('country')?.cells).toEqual(new Float64Array([100, 0]));
  });

  it('count beyond what fits into 16 bits', () => {
    const compact = new CompactProfiles(new CompactLayout(SPECS));
    for (let i = 0; i < 70_000; i += 1) compact.add(rowOf(3, 'DE', 7, null), 4, () => false);
    compact.add(rowOf(3, 'FR', 7, null), 4, () => false);
    expect(compact.expand().get('country')?.cells).toEqual(new Float64Array([70_000, 1]));
    const copy = new CompactProfiles(new CompactLayout(SPECS));
    for (let i = 0; i < SPECS.length; i += 1) copy.put(i, compact.profile(i));
    expect(copy.expand()).toEqual(compact.expand());
  });

  it('name a hundred new categories of a feature, and count the others without their names', () => {
    const compact = new CompactProfiles(new CompactLayout(SPECS));
    for (let i = 0; i < 300; i += 1) compact.add(rowOf(3, `new-${i % 150}`, 7, null), 4, () => true);
    const country = compact.expand().get('country') as CategoricalProfile;
    expect([country.n, country.extra.size, country.other]).toEqual([300, 100, 100]);
    expect(distinctCategories(country)).toMatchObject({ value: { exact: false } });
  });

  it('give copies that do not change with what is counted later', () => {
    const compact = new CompactProfiles(new CompactLayout(SPECS));
    compact.add(rowOf(3, 'US', 7, null), 4, () => true);
    const before = compact.expand();
    compact.add(rowOf(3, 'US', 7, null), 4, () => true);
    expect(before.get('country')).toMatchObject({ n: 1, extra: new Map([['US', 1]]) });
    expect(before.get('amount')?.cells.reduce((sum, count) => sum + count)).toBe(1);
  });
});
