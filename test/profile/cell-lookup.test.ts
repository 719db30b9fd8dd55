import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CellLookup } from '../../src/profile/cell-lookup.ts';
import { buildGrid } from '../../src/profile/grid.ts';
import { nextBelow } from '../../src/profile/next-below.ts';
import { anyNumber, sampleArbitrary } from './number-arbitrary.ts';

function countBelow(edges: Float64Array, x: number): number {
  return edges.filter((edge) => edge < x).length;
}

/** Where a look-up can go wrong: at the edges, one double to either side, in between, and outside. */
function probes(edges: Float64Array): number[] {
  const between = Array.from(edges, (edge, i) => edge / 2 + (edges[i + 1] ?? edge) / 2);
  const beside = Array.from(edges).flatMap((edge) => [nextBelow(edge), edge, -nextBelow(-edge)]);
  return [...between, ...beside, 0, -0, Number.MAX_VALUE, -Number.MAX_VALUE];
}

const anyEdges = fc
  .oneof(
    fc.array(anyNumber, { minLength: 1, maxLength: 40 }),
    fc.array(fc.double({ noNaN: true, min: -1e-320, max: 1e-320 }), { minLength: 1, maxLength: 40 }),
    // Hundreds of edges in one bucket of the index, because of one far away.
    fc
      .tuple(
        fc.array(fc.double({ noNaN: true, min: 0, max: 1 }), { minLength: 100, maxLength: 300 }),
        anyNumber,
      )
      .map(([near, far]) => [...near, far]),
  )
  .map((edges) => {
    const sorted = Float64Array.from(edges).sort();
    return sorted.filter((edge, i) => i === 0 || edge !== sorted[i - 1]);
  });

describe('CellLookup', () => {
  it('counts the edges strictly below a number, for any edges and numbers', () => {
    fc.assert(
      fc.property(anyEdges, fc.array(anyNumber, { maxLength: 20 }), (edges, numbers) => {
        const lookup = new CellLookup(edges);
        for (const x of [...probes(edges), ...numbers]) expect(lookup.find(x)).toBe(countBelow(edges, x));
      }),
    );
  });

  it('does so on the grid of any sample', () => {
    fc.assert(
      fc.property(sampleArbitrary(800), (sample) => {
        const { edges } = buildGrid(sample);
        const lookup = new CellLookup(edges);
        for (const x of [...sample.slice(0, 50), edges[0] as number, edges.at(-1) as number]) {
          expect(lookup.find(x)).toBe(countBelow(edges, x));
        }
      }),
      { numRuns: 40 },
    );
  });

  it('puts a number that is an edge into the cell below it', () => {
    const lookup = new CellLookup(Float64Array.of(1, 2, 3));
    expect([0, 1, 1.5, 2, 2.5, 3, 4].map((x) => lookup.find(x))).toEqual([0, 0, 1, 1, 2, 2, 3]);
  });
});
