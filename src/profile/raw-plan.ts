import type { RawFeatures } from '../event/raw-features.ts';
import type { ColumnTables } from './column-tables.ts';

const WORDS = 16;

/** The position of a column whose numbers do not come from the message. */
export const NOT_IN_MESSAGE = -2;

/** What `take` of `wasm/columns.ts` has to know: where the values of a message lie, and which columns they go to. */
export class RawPlan {
  readonly tables: ColumnTables;
  readonly address: number;
  /** Where `take` says what is left to do. */
  readonly room: number;
  readonly #numbers: number;
  readonly #texts: number;

  constructor({ addresses }: Pick<RawFeatures, 'addresses'>, tables: ColumnTables) {
    const { memory, size, values, texts } = tables;
    this.tables = tables;
    this.address = memory.allocate(this, 4 * WORDS);
    this.room = memory.allocate(this, 4 * (size + texts.size));
    this.#numbers = memory.allocate(this, 4 * size);
    this.#texts = memory.allocate(this, 4 * texts.size);
    const { stamps, kinds, numbers, heads, begins, ends } = addresses;
    memory.words.set(
      [
        ...[stamps, kinds, numbers, heads, begins, ends],
        ...[size, this.#numbers, values],
        ...[texts.size, this.#texts, texts.tables, texts.values, texts.waiting, texts.found],
        this.room,
      ],
      this.address >> 2,
    );
  }

  /**
   * @param numbers positions of the features, in the order of their columns; -1 where none is known, NOT_IN_MESSAGE.
   * @param texts those of categorical features.
   */
  fill(numbers: Int32Array, texts: Int32Array): void {
    const { words } = this.tables.memory;
    words.set(numbers, this.#numbers >> 2);
    words.set(texts, this.#texts >> 2);
  }
}
