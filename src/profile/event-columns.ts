import type { WasmMemory } from '../base/wasm-memory.ts';
import { COLUMN_ROOM, type ColumnCounts, type ColumnShape, ColumnTables } from './column-tables.ts';

const NOTHING: ColumnCounts = { numeric: [], categorical: [] };

/**
 * Events that wait to be counted, a row of numbers each, and their texts. They belong to one set of profiles at a time, and
 * are in them after `settle`.
 */
export class EventColumns {
  readonly #shape: ColumnShape;
  #tables: ColumnTables | undefined;
  #counts: ColumnCounts = NOTHING;
  /** How many were begun, that at hand among them. */
  #rows = 0;

  constructor(shape: ColumnShape) {
    this.#shape = shape;
  }

  /** Begins a row. It has to be given a number, or NaN, for each column that is not derived. */
  begin(counts: ColumnCounts): void {
    if (counts !== this.#counts || this.#rows === COLUMN_ROOM) {
      this.settle();
      this.#counts = counts;
    }
    this.#rows += 1;
  }

  /** The row at hand, which was begun last. */
  get row(): number {
    return this.#rows - 1;
  }

  /** Puts a finite number, or NaN for none, into a column of the row at hand. */
  put(column: number, value: number): void {
    this.#anywhere().put(column, this.row, value);
  }

  /** What a derived column has in the row at hand, the others of which are whole; NaN for none. */
  derived(column: number): number {
    const tables = this.#anywhere();
    tables.derive(this.#rows);
    return tables.at(column, this.row);
  }

  /** The columns in the memory that events lie in. Not within a row. */
  tablesIn(memory: WasmMemory): ColumnTables {
    if (this.#tables?.memory === memory) return this.#tables;
    this.settle();
    this.#tables = new ColumnTables(this.#shape, memory);
    return this.#tables;
  }

  /** The columns, in whichever memory they are. */
  #anywhere(): ColumnTables {
    this.#tables ??= new ColumnTables(this.#shape);
    return this.#tables;
  }

  /** Counts what waits. */
  settle(): void {
    const rows = this.#rows;
    const counts = this.#counts;
    this.#rows = 0;
    this.#counts = NOTHING;
    if (rows > 0) this.#tables?.settle(counts, rows);
  }
}
