import type { ColumnPages, Page, Physical } from './column-pages.ts';

/** Where the values of a column without lists or structures go. */
export interface ValueTarget {
  /** One a row. */
  readonly rows: Float64Array | Int32Array;
  /** What stands where there is no value. */
  readonly gap: number;
  /** A page begins. */
  begin(page: Page, pages: ColumnPages): void;
  /** Puts the next `count` values of the page one behind the other, from `at` on. */
  take(at: number, count: number): void;
}

/** Deals the values of a column's pages out to rows. */
export class FlatColumn {
  readonly #pages: ColumnPages;
  readonly #target: ValueTarget;
  readonly #isNullable: boolean;
  readonly #levels: Int32Array;
  #page: Page | undefined;
  #left = 0;

  constructor(pages: ColumnPages, target: ValueTarget, { maxDefinition }: Physical, capacity: number) {
    this.#pages = pages;
    this.#target = target;
    this.#isNullable = maxDefinition > 0;
    this.#levels = new Int32Array(maxDefinition > 0 ? capacity : 0);
  }

  read(rows: number): void {
    for (let row = 0; row < rows; ) {
      if (this.#left === 0) {
        this.#page = this.#pages.next();
        this.#left = this.#page.entries;
        this.#target.begin(this.#page, this.#pages);
      }
      const some = Math.min(this.#left, rows - row);
      this.#take(this.#page as Page, row, some);
      this.#left -= some;
      row += some;
    }
  }

  #take({ definition }: Page, row: number, count: number): void {
    if (!this.#isNullable || definition.skipRun(1, count)) {
      this.#target.take(row, count);
      return;
    }
    const levels = this.#levels;
    definition.read(levels, count);
    let present = 0;
    for (let i = 0; i < count; i += 1) present += levels[i] as number;
    this.#target.take(row, present);
    if (present < count) spread(this.#target.rows, this.#target.gap, levels, row, count, present);
  }
}

/** Moves values apart, the last one first, to where their levels say that there is one. */
function spread(
  rows: Float64Array | Int32Array,
  gap: number,
  levels: Int32Array,
  row: number,
  count: number,
  present: number,
): void {
  let from = row + present;
  for (let i = count - 1; i >= 0; i -= 1) rows[row + i] = levels[i] === 1 ? (rows[--from] as number) : gap;
}
