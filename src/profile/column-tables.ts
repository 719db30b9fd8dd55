import { sharedMemory, type WasmMemory } from '../base/wasm-memory.ts';
import type { CountedCategorical } from './categorical-profile.ts';
import { CellLookup } from './cell-lookup.ts';
import { COLUMNS_MODULE } from './columns-module.ts';
import type { ReconstructionDerivation } from './derived/derivation.ts';
import { Subspace } from './derived/subspace.ts';
import type { Grid } from './grid.ts';
import type { CountedNumeric } from './numeric-profile.ts';
import { TextColumns } from './text-columns.ts';

/** Rows that wait at a time. While one column is counted, its tables stay in the processor's first cache. */
export const COLUMN_ROOM = 256;
/** Doubles of the table of one column, as `wasm/columns.ts` has them. */
const TABLE = 12;
const ADDRESSES = 4;
const SUMS = 6;

/** Grids have far fewer; more would not fit into 15 bits. */
const MOST_EDGES = 0x7fff;

/** The highest bit of the number of edges below a bucket says that there are two or more in it. */
function withCrowd(start: number, bucket: number, starts: Uint32Array): number {
  return (starts[bucket + 1] ?? 0) - start > 1 ? start | 0x8000 : start;
}

export interface ColumnsExports {
  /** Bytes of a column of numbers, and of one of texts. */
  readonly NUMBER_COLUMN: { readonly value: number };
  readonly TEXT_COLUMN: { readonly value: number };
  readonly take: (plan: number, row: number, stamp: number) => number;
  readonly count: (table: number, values: number, size: number, found: number) => number;
}

/** A column of numbers that are computed from those of other columns. */
interface DerivedColumn {
  readonly column: number;
  /** The columns of the features that the derivation names, in its order. */
  readonly sources: readonly number[];
  readonly derivation: ReconstructionDerivation;
}

/** Which columns there are. */
export interface ColumnShape {
  /** Grids of the columns of numbers that are counted: the first ones. */
  readonly grids: readonly Grid[];
  /** Columns of numbers behind them, which others are derived from. */
  readonly uncounted: number;
  readonly derived: readonly DerivedColumn[];
  /** The known texts of each column of texts. */
  readonly texts: ReadonlyArray<readonly string[]>;
}

/** The profiles that columns are counted into, in the order of their columns. */
export interface ColumnCounts {
  readonly numeric: readonly CountedNumeric[];
  readonly categorical: readonly CountedCategorical[];
}

/** Columns, with what it takes to count them, in a memory of WebAssembly. All addresses are in bytes. */
export class ColumnTables {
  readonly memory: WasmMemory;
  readonly exports: ColumnsExports;
  /** How many columns of numbers there are. */
  readonly size: number;
  /** Where the first column of numbers begins. */
  readonly values: number;
  readonly texts: TextColumns;
  /** Of a column of numbers. */
  readonly #bytes: number;
  readonly #counted: number;
  readonly #found: number;
  readonly #tables: number;
  readonly #derived: readonly Subspace[];
  readonly #isDerived: readonly boolean[];
  /** Rows that derived columns have. */
  #derivedRows = 0;

  constructor({ grids, uncounted, derived, texts }: ColumnShape, memory: WasmMemory = sharedMemory()) {
    this.memory = memory;
    this.exports = memory.instance(COLUMNS_MODULE);
    this.size = grids.length + uncounted;
    this.#counted = grids.length;
    const allocate = (bytes: number): number => memory.allocate(this, bytes);
    this.#bytes = this.exports.NUMBER_COLUMN.value;
    this.values = allocate(this.#bytes * this.size);
    this.#found = allocate(4 * COLUMN_ROOM);
    this.#tables = allocate(8 * TABLE * grids.length);
    this.texts = new TextColumns(texts, this.exports.TEXT_COLUMN.value, memory);
    this.#derived = derived.map(({ column, sources, derivation }) => {
      const from = sources.map((source) => this.#addressOf(source));
      return new Subspace(derivation, memory, from, this.#addressOf(column));
    });
    this.#isDerived = grids.map((_, i) => derived.some(({ column }) => column === i));
    for (const [column, grid] of grids.entries()) this.#fill(column, grid);
  }

  #fill(column: number, { edges: given, center }: Grid): void {
    if (given.length > MOST_EDGES) throw new RangeError(`a grid of ${given.length} edges`);
    const { edges, starts, first, last, scale } = new CellLookup(given);
    const edgesAt = this.memory.allocate(this, edges.byteLength);
    const startsAt = this.memory.allocate(this, 2 * starts.length);
    // Nothing more is allocated, so the arrays stay.
    const { words, doubles, buffer } = this.memory;
    const table = (this.#tables >> 3) + column * TABLE;
    doubles.set([first, last, scale, center], table);
    words.set([edgesAt, startsAt, edges.length], (table + ADDRESSES) << 1);
    doubles.set(edges, edgesAt >> 3);
    new Uint16Array(buffer).set(starts.map(withCrowd), startsAt >> 1);
  }

  #addressOf(column: number): number {
    return this.values + this.#bytes * column;
  }

  put(column: number, row: number, value: number): void {
    this.memory.doubles[(this.#addressOf(column) >> 3) + row] = value;
  }

  at(column: number, row: number): number {
    return this.memory.doubles[(this.#addressOf(column) >> 3) + row] as number;
  }

  /** Computes derived columns up to so many rows, whose other columns are whole. */
  derive(rows: number): void {
    for (const subspace of this.#derived) subspace.look(this.#derivedRows, rows);
    this.#derivedRows = rows;
  }

  /** Brings what waits in so many rows into the profiles. */
  settle({ numeric, categorical }: ColumnCounts, rows: number): void {
    this.derive(rows);
    this.#derivedRows = 0;
    for (let column = 0; column < this.#counted; column += 1) {
      const profile = numeric[column] as CountedNumeric;
      const count = this.#count(column, rows, profile);
      // Whoever puts a number that is none says why at once; nobody has put these.
      if (this.#isDerived[column] === true) profile.missing += rows - count;
    }
    this.texts.settle(categorical);
  }

  #count(column: number, rows: number, profile: CountedNumeric): number {
    const { words, doubles } = this.memory;
    const table = this.#tables + 8 * TABLE * column;
    const sums = (table >> 3) + SUMS;
    doubles[sums] = profile.sum;
    doubles[sums + 1] = profile.sumSquares;
    doubles[sums + 2] = profile.min;
    doubles[sums + 3] = profile.max;
    doubles[sums + 4] = profile.lowExcess;
    doubles[sums + 5] = profile.highExcess;
    const count = this.exports.count(table, this.#addressOf(column), rows, this.#found);
    profile.sum = doubles[sums] as number;
    profile.sumSquares = doubles[sums + 1] as number;
    profile.min = doubles[sums + 2] as number;
    profile.max = doubles[sums + 3] as number;
    profile.lowExcess = doubles[sums + 4] as number;
    profile.highExcess = doubles[sums + 5] as number;
    profile.n += count;
    const { cells } = profile;
    const found = this.#found >> 2;
    for (let i = found; i < found + count; i += 1) cells[words[i] as number]! += 1;
    return count;
  }
}
