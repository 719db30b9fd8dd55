import type { WasmMemory } from '../base/wasm-memory.ts';
import { COLUMN_ROOM, ColumnTables } from './column-tables.ts';
import type { Grid } from './grid.ts';
import type { NumericProfile } from './numeric-profile.ts';

/**
 * Numbers that wait to be counted, a column for each numeric feature. They belong to one list of profiles at a time, and are
 * in them after `settle`.
 */
export class NumberColumns {
  readonly #grids: readonly Grid[];
  #tables: ColumnTables | undefined;
  #profiles: readonly NumericProfile[] = [];
  #rows = 0;

  constructor(grids: readonly Grid[]) {
    this.#grids = grids;
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
    this.#tables ??= new ColumnTables(this.#grids);
    this.#tables.add(column, value);
  }

  /** The columns in the memory that events lie in. Not within a row. */
  tablesIn(memory: WasmMemory): ColumnTables {
    if (this.#tables?.memory === memory) return this.#tables;
    this.settle();
    this.#tables = new ColumnTables(this.#grids, memory);
    return this.#tables;
  }

  /** Counts what waits. */
  settle(): void {
    this.#rows = 0;
    this.#tables?.settle(this.#profiles);
  }
}
