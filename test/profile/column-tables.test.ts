import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WasmMemory } from '../../src/base/wasm-memory.ts';
import { CellLookup } from '../../src/profile/cell-lookup.ts';
import { COLUMN_ROOM, ColumnTables } from '../../src/profile/column-tables.ts';
import { emptyCounts } from '../../src/profile/feature-spec.ts';
import type { Grid } from '../../src/profile/grid.ts';
import {
  addNumeric,
  type CountedNumeric,
  emptyNumericProfile,
  type NumericProfile,
} from '../../src/profile/numeric-profile.ts';
import { anyNumber } from './number-arbitrary.ts';

const anyGrid: fc.Arbitrary<Grid> = fc
  .tuple(
    fc.uniqueArray(anyNumber, { minLength: 1, maxLength: 300, comparator: 'IsStrictlyEqual' }),
    anyNumber,
  )
  .map(([edges, center]) => ({
    edges: Float64Array.from(new Set(edges.map((edge) => edge + 0))).sort(),
    center,
    decilePositions: [],
  }));

function countedOneByOne(grid: Grid, values: readonly number[]): NumericProfile {
  const profile = emptyNumericProfile(new Float64Array(grid.edges.length + 1));
  const lookup = new CellLookup(grid.edges);
  for (const value of values) if (!Number.isNaN(value)) addNumeric(profile, grid, lookup, value);
  return profile;
}

const anyRow = fc.oneof({ arbitrary: anyNumber, weight: 4 }, fc.constant(Number.NaN));

describe('columns of numbers', () => {
  it('are counted as their numbers would be one by one, to the last bit', () => {
    const memory = new WasmMemory();
    const column = fc.tuple(anyGrid, fc.array(anyRow, { minLength: COLUMN_ROOM, maxLength: COLUMN_ROOM }));
    fc.assert(
      fc.property(fc.array(column, { minLength: 1, maxLength: 3 }), fc.nat(COLUMN_ROOM), (columns, rows) => {
        const grids = columns.map(([grid]) => grid);
        const tables = new ColumnTables({ grids, uncounted: 0, derived: [], texts: [] }, memory);
        const profiles = grids.map((grid) => emptyCounts({ kind: 'numeric', grid }) as CountedNumeric);
        // The second round goes on from the sums of the first.
        for (let round = 0; round < 2; round += 1) {
          columns.forEach(([, values], i) => {
            for (let row = 0; row < rows; row += 1) tables.put(i, row, values[row] as number);
          });
          tables.settle({ numeric: profiles, categorical: [] }, rows);
        }
        expect(profiles.map((profile) => ({ ...profile, cells: Float64Array.from(profile.cells) }))).toEqual(
          columns.map(([grid, values]) => {
            const taken = values.slice(0, rows);
            return countedOneByOne(grid, [...taken, ...taken]);
          }),
        );
      }),
      { numRuns: 300 },
    );
  });
});
