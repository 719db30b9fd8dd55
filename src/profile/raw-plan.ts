import type { RawFeatures } from '../event/raw-features.ts';
import { COLUMN_ROOM, type ColumnTables } from './column-tables.ts';

const WORDS = 8;

/** What `take` of `wasm/columns.ts` has to know, in the memory of the columns: where numbers lie, and where they go. */
export class RawPlan {
  readonly tables: ColumnTables;
  readonly address: number;
  /** Where `take` says which features have no number. */
  readonly room: number;
  readonly #positions: number;

  /** @param size numbers go into so many columns, the first ones. */
  constructor({ addresses }: Pick<RawFeatures, 'addresses'>, tables: ColumnTables, size: number) {
    const { memory, waiting, values } = tables;
    this.tables = tables;
    this.address = memory.allocate(this, 4 * WORDS);
    this.room = memory.allocate(this, 4 * size);
    this.#positions = memory.allocate(this, 4 * size);
    const columns = memory.allocate(this, 4 * size);
    memory.words.set(
      [
        size,
        addresses.stamps,
        addresses.kinds,
        addresses.numbers,
        this.#positions,
        waiting,
        columns,
        this.room,
      ],
      this.address >> 2,
    );
    for (let i = 0; i < size; i += 1) memory.words[(columns >> 2) + i] = values + 8 * COLUMN_ROOM * i;
  }

  /** @param positions of the features, in the order of their columns; -1 where none is known. */
  fill(positions: readonly number[]): void {
    this.tables.memory.words.set(positions, this.#positions >> 2);
  }
}
