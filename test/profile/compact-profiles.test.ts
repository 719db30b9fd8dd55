import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CompactLayout, CompactProfiles } from '../../src/profile/compact-profiles.ts';
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

describe('compact profiles', () => {
  it('count what profiles count one by one, to the last bit', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(anyValue, anyValue, anyValue, anyValue), { maxLength: 40 }), (rows) => {
        const compact = new CompactProfiles(new CompactLayout(SPECS));
        const single = SPECS.map(([, spec]) => ({ record: recorderFor(spec), profile: emptyProfile(spec) }));
        for (const row of rows) {
          single.forEach(({ record, profile }, i) => {
            compact.add(i, record(profile, row[i], isAdmitted), row[i], isAdmitted);
          });
        }
        const expanded = compact.expand();
        expect([...expanded.keys()]).toEqual(SPECS.map(([name]) => name));
        expect([...expanded.values()]).toEqual(single.map(({ profile }) => profile));
      }),
      { numRuns: 200 },
    );
  });

  it('count beyond what fits into 16 bits', () => {
    const compact = new CompactProfiles(new CompactLayout(SPECS));
    for (let i = 0; i < 70_000; i += 1) compact.add(1, 0, 'DE', isAdmitted);
    compact.add(1, 1, 'FR', isAdmitted);
    expect([...(compact.expand().get('country')?.cells ?? [])]).toEqual([70_000, 1]);
    const copy = new CompactProfiles(new CompactLayout(SPECS));
    copy.put(1, compact.profile(1));
    expect(copy.expand()).toEqual(compact.expand());
  });

  it('give copies that do not change with what is counted later', () => {
    const compact = new CompactProfiles(new CompactLayout(SPECS));
    compact.add(1, 2, 'US', isAdmitted);
    const before = compact.expand().get('country');
    compact.add(1, 2, 'US', isAdmitted);
    expect(before).toMatchObject({ n: 1, extra: new Map([['US', 1]]) });
  });
});
