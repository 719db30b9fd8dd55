import { coarseGrid } from './coarse-grid.ts';
import type { FeatureSpec } from './feature-spec.ts';

/** The places that one feature has among the counts of a block: its cells, then those without a value by why. */
export interface BlockColumn {
  /** With the coarse grid, for a numeric feature. */
  readonly spec: FeatureSpec;
  readonly offset: number;
  /** Per cell of the coarse grid; or per category, and one more for all other values. */
  readonly cells: number;
  /** The coarse cell of each cell of the feature's grid; undefined where they are the same. */
  readonly cellOf: Uint8Array | undefined;
}

/** Where in a block's counts those of each feature lie. */
export interface BlockLayout {
  readonly columns: readonly BlockColumn[];
  readonly width: number;
}

/** @param steps of the coarse grids of numeric features. */
export function blockLayout(specs: readonly FeatureSpec[], steps: number): BlockLayout {
  let width = 0;
  const columns = specs.map((spec) => {
    const column = columnOf(spec, width, steps);
    // Two more for missing and invalid.
    width += column.cells + 2;
    return column;
  });
  return { columns, width };
}

/** Where to count a row in a block, by the cell of the feature's own grid, its category's position, `MISSING` or `INVALID`. */
export function placeOf({ offset, cells, cellOf }: BlockColumn, cell: number): number {
  // Missing is -1 and invalid -2; they come behind the cells.
  if (cell < 0) return offset + cells - 1 - cell;
  return offset + (cellOf === undefined ? cell : (cellOf[cell] as number));
}

/** Where each place of a layout has gone in one of the same features with half the steps, or fewer. */
export function thinnedPlaces(from: BlockLayout, to: BlockLayout): Int32Array {
  const places = new Int32Array(from.width);
  from.columns.forEach((column, i) => {
    const thinned = to.columns[i] as BlockColumn;
    const own = column.cellOf?.length ?? column.cells;
    for (let cell = -2; cell < own; cell += 1) places[placeOf(column, cell)] = placeOf(thinned, cell);
  });
  return places;
}

function columnOf(spec: FeatureSpec, offset: number, steps: number): BlockColumn {
  if (spec.kind === 'categorical') {
    return { spec, offset, cells: spec.categories.length + 1, cellOf: undefined };
  }
  const { grid, cellOf } = coarseGrid(spec.grid, steps);
  return { spec: { kind: 'numeric', grid }, offset, cells: grid.edges.length + 1, cellOf };
}
