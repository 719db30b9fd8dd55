import { CellLookup } from './cell-lookup.ts';
import type { Grid } from './grid.ts';
import type { NumericProfile } from './numeric-profile.ts';

/** Values that wait in a column. While one column is counted, its tables stay in the processor's first cache. */
export const COLUMN_ROOM = 256;

/**
 * Numbers that wait to be counted, a column for each numeric feature. They belong to one list of profiles at a time, and are
 * in them after `settle`.
 */
export class NumberColumns {
  /** Column after column, each with room for COLUMN_ROOM finite numbers. */
  readonly values: Float64Array;
  /** How many wait in each column. Whoever puts a number behind them adds one. */
  readonly waiting: Int32Array;
  readonly #columns: readonly Float64Array[];
  readonly #grids: readonly Grid[];
  readonly #lookups: readonly CellLookup[];
  #profiles: readonly NumericProfile[] = [];
  #rows = 0;
  readonly #found = new Int32Array(COLUMN_ROOM);

  constructor(grids: readonly Grid[]) {
    this.#grids = grids;
    this.#lookups = grids.map(({ edges }) => new CellLookup(edges));
    this.values = new Float64Array(grids.length * COLUMN_ROOM);
    this.waiting = new Int32Array(grids.length);
    this.#columns = grids.map((_, i) => this.values.subarray(i * COLUMN_ROOM, (i + 1) * COLUMN_ROOM));
  }

  /** Begins a row; each column takes one number at most before the next. */
  begin(profiles: readonly NumericProfile[]): void {
    if (profiles !== this.#profiles || this.#rows === COLUMN_ROOM) {
      this.settle();
      this.#profiles = profiles;
    }
    this.#rows += 1;
  }

  /** Puts a finite number into a column of the row that was begun. */
  add(column: number, value: number): void {
    const count = this.waiting[column] as number;
    this.values[column * COLUMN_ROOM + count] = value;
    this.waiting[column] = count + 1;
  }

  /** Counts what waits. */
  settle(): void {
    if (this.#rows === 0) return;
    this.#rows = 0;
    for (let i = 0; i < this.#columns.length; i += 1) {
      const count = this.waiting[i] as number;
      if (count === 0) continue;
      this.waiting[i] = 0;
      this.#count(i, count);
    }
  }

  #count(column: number, count: number): void {
    const profile = this.#profiles[column] as NumericProfile;
    const { edges, center } = this.#grids[column] as Grid;
    const values = this.#columns[column] as Float64Array;
    const found = this.#found;
    (this.#lookups[column] as CellLookup).findAll(values, count, found);
    const { cells } = profile;
    for (let i = 0; i < count; i += 1) cells[found[i] as number]! += 1;
    let { sum, sumSquares, min, max } = profile;
    for (let i = 0; i < count; i += 1) {
      const value = values[i] as number;
      const centred = value - center;
      sum += centred;
      sumSquares += centred * centred;
      if (value < min) min = value;
      if (value > max) max = value;
    }
    const lowest = edges[0] as number;
    const highest = edges[edges.length - 1] as number;
    if (min <= lowest || max > highest) {
      for (let i = 0; i < count; i += 1) {
        const value = values[i] as number;
        if (value <= lowest) profile.lowExcess += lowest - value;
        else if (value > highest) profile.highExcess += value - highest;
      }
    }
    profile.n += count;
    profile.sum = sum;
    profile.sumSquares = sumSquares;
    profile.min = min;
    profile.max = max;
  }
}
