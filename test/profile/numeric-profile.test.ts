import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gaussian, seededRandom } from '../../src/base/random.ts';
import type { FeatureSpec } from '../../src/profile/feature-spec.ts';
import { buildGrid, type Grid } from '../../src/profile/grid.ts';
import { type NumericProfile, profileMean, profileStd } from '../../src/profile/numeric-profile.ts';
import { meanOf, stdOf } from '../metrics/exact-distances.ts';
import { definedValue, expectClose, expectUndefined } from '../stats/expect-computed.ts';
import { fold } from './profiles.ts';

function profileOf(grid: Grid, values: readonly unknown[]): NumericProfile {
  const spec: FeatureSpec = { kind: 'numeric', grid };
  return fold(spec, values) as NumericProfile;
}

function normals(count: number, mean: number, std: number): number[] {
  const random = seededRandom(count);
  return Array.from({ length: count }, () => mean + std * gaussian(random));
}

describe('mean and standard deviation of a profile', () => {
  it.each([
    ['1', 0, 1],
    ['1e-9', 0, 1e-9],
    ['epoch milliseconds', 1.7e12, 1],
    ['epoch milliseconds over a day', 1.7e12, 2.5e7],
    ['1e100', 1e100, 1e99],
    ['a narrow band far from zero', 293, 0.5],
  ])('are those of the values, of size %s', (_, mean, std) => {
    const values = normals(3_000, mean, std);
    const grid = buildGrid(values);
    const profile = profileOf(grid, values);
    expect(Math.abs(definedValue(profileMean(profile, grid)) - meanOf(values))).toBeLessThanOrEqual(
      1e-9 * std + 1e-15 * mean,
    );
    expectClose(definedValue(profileStd(profile)), stdOf(values));
  });

  it('are those of a window that lies some way off the reference', () => {
    const grid = buildGrid(normals(2_000, 1.7e12, 1));
    const week = 7 * 86_400_000;
    const values = normals(2_000, 1.7e12 + week, 3_600_000);
    const profile = profileOf(grid, values);
    expectClose(definedValue(profileMean(profile, grid)), meanOf(values));
    expectClose(definedValue(profileStd(profile)), stdOf(values));
  });

  it('give a reason instead of a standard deviation that rounding has eaten', () => {
    const grid = buildGrid(normals(500, 0, 1));
    expectUndefined(profileStd(profileOf(grid, normals(500, 1.7e12, 1))), /too far from the reference/);
    expectClose(
      definedValue(profileStd(profileOf(grid, normals(500, 1e4, 1)))),
      stdOf(normals(500, 1e4, 1)),
      1e-6,
    );
  });

  it('are never off by more than a thousandth: right, or not there', () => {
    const source = fc.record({
      count: fc.integer({ min: 2, max: 300 }),
      distance: fc.integer({ min: -12, max: 12 }),
      size: fc.integer({ min: -12, max: 12 }),
    });
    const grid = buildGrid(normals(500, 0, 1));
    fc.assert(
      fc.property(source, ({ count, distance, size }) => {
        const values = normals(count, 10 ** distance, 10 ** size);
        const profile = profileOf(grid, values);
        const [std, exact] = [profileStd(profile), stdOf(values)];
        if (std.defined) expectClose(std.value, exact, 1e-3);
        else expect(exact).toBeLessThan(1e-4 * Math.abs(meanOf(values) - grid.center));
      }),
    );
  });

  it('know that a constant has no spread, wherever it is', () => {
    const grid = buildGrid(normals(500, 0, 1));
    for (const constant of [0.1, 1.7e12, -1e300]) {
      expect(profileStd(profileOf(grid, [constant, constant, constant]))).toEqual({
        defined: true,
        value: 0,
      });
    }
  });

  it('give a reason where there are too few values, or too large ones', () => {
    const grid = buildGrid([1, 2, 3]);
    expectUndefined(profileMean(profileOf(grid, [null, 'x']), grid), /no valid values/);
    expectUndefined(profileStd(profileOf(grid, [2])), /two values/);
    const huge = profileOf(grid, [1.7e308, 1.6e308, -1.7e308]);
    expectUndefined(profileStd(huge), /./);
    expectUndefined(profileMean(profileOf(grid, [1.7e308, 1.6e308]), grid), /too large/);
    expect(huge).toMatchObject({ n: 3, min: -1.7e308, max: 1.7e308 });
  });
});

describe('what lies outside the reference', () => {
  it('is summed by its distance from the grid, on either side', () => {
    const grid = buildGrid([10, 20]);
    const profile = profileOf(grid, [5, 7, 10, 20, 23]);
    expectClose(profile.lowExcess, 8);
    expect(profile.highExcess).toBe(3);
    expect(profile.cells[0]).toBe(2);
    expect(profile.cells.at(-1)).toBe(1);
  });

  it('does not hold the smallest and the largest value of the reference', () => {
    const values = normals(1_000, 0, 1);
    const profile = profileOf(buildGrid(values), values);
    expect([profile.cells[0], profile.cells.at(-1), profile.lowExcess, profile.highExcess]).toEqual([
      0, 0, 0, 0,
    ]);
  });
});
