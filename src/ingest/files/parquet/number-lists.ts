import type { ValueVector } from '../column-batch.ts';
import type { ColumnPages, Page } from './column-pages.ts';
import type { NumberFormat } from './number-format.ts';
import { NumberValues } from './number-values.ts';

/** Levels that are looked at in one go. */
const BLOCK = 4096;

/** How deep a column of lists is defined. */
export interface ListLevels {
  /** From this definition level on there is an element, though it may be null. */
  readonly element: number;
  /** At this level there is a number. */
  readonly value: number;
  /** Below this level there is no list; at it, and below `element`, an empty one. */
  readonly list: number;
}

/** Lists of numbers, such as embeddings; page by page, since a row group of them may be gigabytes. */
export class NumberLists {
  readonly #pages: ColumnPages;
  readonly #levels: ListLevels;
  readonly #values: NumberValues;
  readonly #repetition = new Int32Array(BLOCK);
  readonly #definition = new Int32Array(BLOCK);
  readonly #numbers = new Float64Array(BLOCK);
  /** Levels of the block that are not used yet, and the next number of the block. */
  #at = 0;
  #end = 0;
  #number = 0;
  #page: Page | undefined;
  #left = 0;
  #rows: unknown[] = [];

  constructor(pages: ColumnPages, format: NumberFormat, levels: ListLevels) {
    this.#pages = pages;
    this.#levels = levels;
    this.#values = new NumberValues(format, BLOCK);
  }

  read(rows: number): void {
    this.#rows = new Array(rows);
    for (let row = 0; row < rows; row += 1) this.#rows[row] = this.#readRow();
  }

  vector(): ValueVector {
    return { type: 'values', values: this.#rows };
  }

  #readRow(): Array<number | null> | null {
    if (this.#at === this.#end) this.#nextBlock();
    const { list: listLevel, element, value } = this.#levels;
    const first = this.#definition[this.#at] as number;
    const list: Array<number | null> | null = first < listLevel ? null : [];
    do {
      const level = this.#definition[this.#at++] as number;
      if (level >= element) {
        const number = level === value ? (this.#numbers[this.#number++] as number) : Number.NaN;
        list?.push(Number.isNaN(number) ? null : number);
      }
      // An element that does not begin a row belongs to the one before, on whatever page it is.
    } while (this.#hasMore() && this.#repetition[this.#at] !== 0);
    return list;
  }

  #hasMore(): boolean {
    if (this.#at < this.#end) return true;
    if (this.#left === 0 && !this.#pages.hasNext()) return false;
    this.#nextBlock();
    return true;
  }

  #nextBlock(): void {
    if (this.#left === 0) {
      this.#page = this.#pages.next();
      this.#left = this.#page.entries;
      this.#values.begin(this.#page, this.#pages);
    }
    const page = this.#page as Page;
    const count = Math.min(this.#left, BLOCK);
    page.repetition.read(this.#repetition, count);
    page.definition.read(this.#definition, count);
    let present = 0;
    for (let i = 0; i < count; i += 1) if (this.#definition[i] === this.#levels.value) present += 1;
    this.#values.take(this.#numbers, 0, present);
    this.#left -= count;
    this.#at = 0;
    this.#end = count;
    this.#number = 0;
  }
}
