import { describe, expect, it } from 'vitest';
import type { CategoricalProfile } from '../../src/profile/categorical-profile.ts';
import { emptyProfile, type FeatureSpec } from '../../src/profile/feature-spec.ts';
import { buildGrid } from '../../src/profile/grid.ts';
import { inCellsOf } from '../../src/profile/in-cells-of.ts';

function numeric(...sample: number[]): FeatureSpec {
  return { kind: 'numeric', grid: buildGrid(sample) };
}

function categorical(...categories: string[]): FeatureSpec & { kind: 'categorical' } {
  return { kind: 'categorical', categories, acceptsNumbers: false, complete: true };
}

/** A profile of values by category, counted under a baseline that knows these. */
function counted(spec: FeatureSpec, cells: number[], change: Partial<CategoricalProfile> = {}) {
  return { ...(emptyProfile(spec) as CategoricalProfile), cells: Float64Array.from(cells), ...change };
}

describe('inCellsOf', () => {
  it('takes numbers that were counted between the same edges, wherever the deciles lie', () => {
    const spec = numeric(1, 2, 3);
    const other = { ...numeric(1, 2, 3), kind: 'numeric' } as FeatureSpec & { kind: 'numeric' };
    const profile = emptyProfile(spec);
    expect(inCellsOf(spec, profile, { ...other, grid: { ...other.grid, decilePositions: [0] } })).toBe(
      profile,
    );
    expect(inCellsOf(spec, profile, numeric(1, 2, 4))).toBeUndefined();
    expect(inCellsOf(spec, profile, categorical('a'))).toBeUndefined();
  });

  it('counts categories by name, those that the baseline does not have as new ones', () => {
    const theirs = categorical('a', 'b', 'c');
    const profile = counted(theirs, [5, 0, 2], { n: 10, extra: new Map([['d', 3]]) });
    const taken = inCellsOf(categorical('d', 'a'), profile, theirs);
    expect(taken).toMatchObject({ n: 10, cells: Float64Array.of(3, 5), extra: new Map([['c', 2]]) });
  });

  it('does not guess which categories were not counted by name', () => {
    const theirs = categorical('a', 'b');
    const profile = counted(theirs, [5, 0], { n: 9, other: 4 });
    expect(inCellsOf(categorical('a'), profile, theirs)).toMatchObject({ other: 4 });
    expect(inCellsOf(categorical('a', 'c'), profile, theirs)).toBeUndefined();
    expect(inCellsOf({ ...categorical('a'), acceptsNumbers: true }, profile, theirs)).toBeUndefined();
  });
});
