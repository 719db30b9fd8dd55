import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/base/random.ts';
import type { FeatureSpec } from '../../src/profile/feature-spec.ts';
import { emptyProfile, recorderFor } from '../../src/profile/feature-spec.ts';
import { buildGrid, buildScoreGrid, GRID_CELLS, type Grid } from '../../src/profile/grid.ts';
import { ksFromCells } from '../../src/stats/hypothesis/ks-from-cells.ts';
import { linearQuantile } from '../../src/stats/quantile/linear-quantile.ts';
import { exactDistances } from '../metrics/exact-distances.ts';
import { definedValue } from '../stats/expect-computed.ts';
import { sampleArbitrary } from './number-arbitrary.ts';

function cellsOf(grid: Grid, sample: readonly number[]): Float64Array {
  const spec: FeatureSpec = { kind: 'numeric', grid };
  const profile = emptyProfile(spec);
  const record = recorderFor(spec);
  for (const value of sample) record(profile, value, () => false);
  return profile.cells;
}

const shares = fc
  .record({ seed: fc.nat(), length: fc.integer({ min: 1, max: 2_000 }), power: fc.constantFrom(0.1, 1, 9) })
  .map(({ seed, length, power }) => {
    const random = seededRandom(seed);
    return Array.from({ length }, () => (random() < 0.1 ? Math.round(random()) : random() ** power));
  });

/** The statistic off the grid is never above the exact one, and below it by 1/K at most. */
function expectNearExact(grid: Grid, reference: readonly number[], current: readonly number[]): void {
  const statistic = definedValue(ksFromCells(cellsOf(grid, reference), cellsOf(grid, current)));
  const { ks } = exactDistances(reference, current);
  expect(statistic).toBeLessThanOrEqual(ks + 1e-12);
  expect(statistic).toBeGreaterThanOrEqual(ks - 1 / GRID_CELLS - 1e-12);
}

describe('buildGrid', () => {
  it('gives Kolmogorov-Smirnov within 1/K of the exact statistic, for any two samples', () => {
    fc.assert(
      fc.property(sampleArbitrary(2_000), sampleArbitrary(1_000), (reference, current) => {
        expectNearExact(buildGrid(reference), reference, current);
      }),
      { numRuns: 150 },
    );
  });

  it('does so for samples that differ in ties only', () => {
    fc.assert(
      fc.property(sampleArbitrary(2_000), fc.nat(), (reference, seed) => {
        const random = seededRandom(seed);
        const redrawn = reference.map(() => reference[Math.floor(random() * reference.length)] as number);
        expectNearExact(buildGrid(reference), reference, redrawn);
      }),
      { numRuns: 100 },
    );
  });

  it('holds at most 1/K of the sample in a cell, or one value', () => {
    fc.assert(
      fc.property(sampleArbitrary(2_000), (sample) => {
        const { edges } = buildGrid(sample);
        const cells = cellsOf(buildGrid(sample), sample);
        cells.forEach((count, cell) => {
          if (count <= sample.length / GRID_CELLS) return;
          const [left, right] = [edges[cell - 1] ?? Number.NEGATIVE_INFINITY, edges[cell] as number];
          expect(new Set(sample.filter((x) => x > left && x <= right)).size).toBe(1);
        });
      }),
      { numRuns: 60 },
    );
  });

  it('has finite, ascending, distinct edges, bounded in number, with the sample between the outer ones', () => {
    fc.assert(
      fc.property(sampleArbitrary(2_000), (sample) => {
        const { edges, center } = buildGrid(sample);
        const [min, max] = [sample.reduce((a, b) => Math.min(a, b)), sample.reduce((a, b) => Math.max(a, b))];
        expect(
          edges.every((edge, i) => Number.isFinite(edge) && (i === 0 || edge > (edges[i - 1] as number))),
        ).toBe(true);
        expect(edges.length).toBeLessThanOrEqual(5 * GRID_CELLS + 12);
        expect(edges.at(-1) === max && edges.includes(min)).toBe(true);
        if (min > -Number.MAX_VALUE) expect(edges[0]).toBeLessThan(min);
        expect(center >= min && center <= max).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('has the unique deciles among its edges, as NumPy computes them', () => {
    fc.assert(
      fc.property(sampleArbitrary(300), (sample) => {
        const { edges, decilePositions } = buildGrid(sample);
        const sorted = Float64Array.from(sample).sort();
        const deciles = Array.from({ length: 9 }, (_, i) => linearQuantile(sorted, (i + 1) / 10) + 0);
        expect(decilePositions.map((position) => (edges[position] as number) + 0)).toEqual([
          ...new Set(deciles),
        ]);
      }),
      { numRuns: 60 },
    );
  });

  it('does not depend on the order of the sample', () => {
    const sample = Array.from({ length: 700 }, (_, i) => Math.sin(i) * 100);
    expect(buildGrid([...sample].reverse()).edges).toEqual(buildGrid(sample).edges);
  });

  it('has two edges for a constant: everything else is out of range', () => {
    const { edges, decilePositions } = buildGrid([7, 7, 7]);
    expect([...edges]).toEqual([7 - 2 ** -50, 7]);
    expect(decilePositions).toEqual([1]);
    expect([...cellsOf(buildGrid([7]), [6, 7, 7, 8])]).toEqual([1, 2, 1]);
  });

  it('reaches over the whole reference when the sample is only a part of it', () => {
    const sample = Array.from({ length: 1_000 }, (_, i) => i);
    const { edges } = buildGrid(sample, { min: -50, max: 5_000 });
    expect(edges[0]).toBeLessThan(-50);
    expect(edges[0]).toBeGreaterThan(-50.1);
    expect(edges.at(-1)).toBe(5_000);
    expect(buildGrid(sample, { min: 0, max: 999 }).edges).toEqual(buildGrid(sample).edges);
  });

  it('refuses an empty sample', () => {
    expect(() => buildGrid([])).toThrow(RangeError);
  });
});

describe('buildScoreGrid', () => {
  it('has i/K among its edges whatever the sample, and no score out of range', () => {
    fc.assert(
      fc.property(shares, (sample) => {
        const grid = buildScoreGrid(sample);
        for (let i = 0; i <= GRID_CELLS; i += 1) expect(grid.edges.includes(i / GRID_CELLS)).toBe(true);
        const cells = cellsOf(grid, sample);
        expect([cells[0], cells.at(-1)]).toEqual([0, 0]);
      }),
      { numRuns: 40 },
    );
  });

  it('gives Kolmogorov-Smirnov within 1/K of the exact statistic', () => {
    fc.assert(
      fc.property(shares, shares, (reference, current) => {
        expectNearExact(buildScoreGrid(reference), reference, current);
      }),
      { numRuns: 60 },
    );
  });
});
