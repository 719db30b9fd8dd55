import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/base/random.ts';
import { CellLookup } from '../../src/profile/cell-lookup.ts';
import { coarseGrid } from '../../src/profile/coarse-grid.ts';
import { buildGrid, buildScoreGrid } from '../../src/profile/grid.ts';
import { anyNumber, sampleArbitrary } from './number-arbitrary.ts';

describe('coarseGrid', () => {
  it('puts every value where the coarse edges themselves would put it', () => {
    fc.assert(
      fc.property(sampleArbitrary(200), fc.array(anyNumber), (sample, values) => {
        const fine = buildGrid(sample);
        const { grid, cellOf } = coarseGrid(fine);
        const [inFine, inCoarse] = [new CellLookup(fine.edges), new CellLookup(grid.edges)];
        for (const value of [...sample, ...values])
          expect(cellOf[inFine.find(value)]).toBe(inCoarse.find(value));
      }),
      { numRuns: 60 },
    );
  });

  it('keeps the deciles and the extremes, and about 64 edges beside them', () => {
    const random = seededRandom(3);
    const sample = Array.from({ length: 20_000 }, () => Math.exp(3 * random()));
    for (const fine of [buildGrid(sample), buildScoreGrid(sample.map((x) => x / 25))]) {
      const { grid, cellOf } = coarseGrid(fine);
      expect(fine.edges.length).toBeGreaterThan(400);
      expect(grid.edges.length).toBeLessThanOrEqual(64 + 1 + 9);
      expect([grid.edges[0], grid.edges.at(-1)]).toEqual([fine.edges[0], fine.edges.at(-1)]);
      expect(grid.decilePositions.map((position) => grid.edges[position])).toEqual(
        fine.decilePositions.map((position) => fine.edges[position]),
      );
      expect(grid.center).toBe(fine.center);
      expect(cellOf[fine.edges.length]).toBe(grid.edges.length);
    }
  });

  it('with half the steps is made of whole cells of the one before', () => {
    const random = seededRandom(4);
    const fine = buildGrid(Array.from({ length: 20_000 }, () => Math.exp(3 * random())));
    const edges = [64, 32, 16, 8, 4].map((steps) => [...coarseGrid(fine, steps).grid.edges]);
    for (let i = 1; i < edges.length; i += 1) {
      expect(edges[i - 1]).toEqual(expect.arrayContaining(edges[i] ?? []));
      expect(edges[i]?.length).toBeLessThan(edges[i - 1]?.length ?? 0);
    }
  });

  it('leaves a grid alone that has few cells', () => {
    const fine = buildGrid([7, 7]);
    expect(coarseGrid(fine)).toEqual({ grid: fine, cellOf: Uint8Array.of(0, 1, 2) });
  });
});
