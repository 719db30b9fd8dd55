import { sharedMemory, type WasmMemory } from '../base/wasm-memory.ts';
import { CellLookup } from './cell-lookup.ts';
import { COLUMNS_MODULE } from './columns-module.ts';
import type { Grid } from './grid.ts';
import type { NumericProfile } from './numeric-profile.ts';

/** Values that wait in a column. While one column is counted, its tables stay in the processor's first cache. */
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
  readonly take: (plan: number, stamp: number) => number;
  readonly find: (plan: number, stamp: number) => void;
  readonly gather: (plan: number, into: number, stamp: number) => void;
  readonly count: (table: number, values: number, size: number, found: number) => void;
}

/**
 * Columns of numbers, with what it takes to count them, in a memory of WebAssembly. All addresses are in bytes.
 */
export class ColumnTables {
  readonly memory: WasmMemory;
  readonly exports: ColumnsExports;
  readonly size: number;
  /** By column, a word each: how many numbers wait in it. */
  readonly waiting: number;
  /** Where the first column begins; each has COLUMN_ROOM doubles. */
  readonly values: number;
  readonly #found: number;
  readonly #tables: number;

  constructor(grids: readonly Grid[], memory: WasmMemory = sharedMemory()) {
    this.memory = memory;
    this.exports = memory.instance(COLUMNS_MODULE);
    this.size = grids.length;
    const allocate = (bytes: number): number => memory.allocate(this, bytes);
    this.waiting = allocate(4 * grids.length);
    this.values = allocate(8 * COLUMN_ROOM * grids.length);
    this.#found = allocate(4 * COLUMN_ROOM);
    this.#tables = allocate(8 * TABLE * grids.length);
    const lookups = grids.map(({ edges }) => new CellLookup(edges));
    const places = lookups.map(({ edges, starts }) => ({
      edges: allocate(edges.byteLength),
      starts: allocate(2 * starts.length),
    }));
    // Nothing more is allocated, so the arrays stay.
    const { words, doubles } = memory;
    words.fill(0, this.waiting >> 2, (this.waiting >> 2) + grids.length);
    grids.forEach(({ center }, column) => {
      const { edges, starts, first, last, scale } = lookups[column] as CellLookup;
      if (edges.length > MOST_EDGES) throw new RangeError(`a grid of ${edges.length} edges`);
      const place = places[column] as { edges: number; starts: number };
      const table = (this.#tables >> 3) + column * TABLE;
      doubles.set([first, last, scale, center], table);
      words.set([place.edges, place.starts, edges.length], (table + ADDRESSES) << 1);
      doubles.set(edges, place.edges >> 3);
      new Uint16Array(memory.buffer).set(starts.map(withCrowd), place.starts >> 1);
    });
  }

  add(column: number, value: number): void {
    const { words, doubles } = this.memory;
    const waiting = (this.waiting >> 2) + column;
    const count = words[waiting] as number;
    doubles[(this.values >> 3) + column * COLUMN_ROOM + count] = value;
    words[waiting] = count + 1;
  }

  /** Brings what waits into the profiles, one for each column. */
  settle(profiles: readonly NumericProfile[]): void {
    const { words } = this.memory;
    for (let column = 0; column < this.size; column += 1) {
      const count = words[(this.waiting >> 2) + column] as number;
      if (count === 0) continue;
      words[(this.waiting >> 2) + column] = 0;
      this.#count(column, count, profiles[column] as NumericProfile);
    }
  }

  #count(column: number, count: number, profile: NumericProfile): void {
    const { words, doubles } = this.memory;
    const table = this.#tables + 8 * TABLE * column;
    const sums = (table >> 3) + SUMS;
    doubles[sums] = profile.sum;
    doubles[sums + 1] = profile.sumSquares;
    doubles[sums + 2] = profile.min;
    doubles[sums + 3] = profile.max;
    doubles[sums + 4] = profile.lowExcess;
    doubles[sums + 5] = profile.highExcess;
    this.exports.count(table, this.values + 8 * COLUMN_ROOM * column, count, this.#found);
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
  }
}
