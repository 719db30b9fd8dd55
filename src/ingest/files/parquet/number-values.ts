import type { ColumnPages, Dictionary, Page } from './column-pages.ts';
import type { NumberFormat } from './number-format.ts';

/** The numbers of a column's pages, without the gaps between them. */
export class NumberValues {
  readonly #format: NumberFormat;
  readonly #positions: Int32Array;
  #page: Page | undefined;
  /** Where the next value lies. */
  #start = 0;
  #dictionary: Dictionary | undefined;
  #entries = new Float64Array(0);

  /** @param capacity as many as are asked for at a time. */
  constructor(format: NumberFormat, capacity: number) {
    this.#format = format;
    this.#positions = new Int32Array(capacity);
  }

  begin(page: Page, { dictionary }: ColumnPages): void {
    this.#page = page;
    this.#start = page.start;
    if (page.positions === undefined || dictionary === this.#dictionary) return;
    if (dictionary === undefined) throw new Error('a page refers to a dictionary that is not there');
    this.#dictionary = dictionary;
    this.#entries = new Float64Array(dictionary.entries);
    this.#format.read(dictionary.bytes, 0, dictionary.entries, this.#entries, 0);
  }

  /** Puts the next numbers one behind the other, from `at` on. */
  take(target: Float64Array, at: number, count: number): void {
    const { positions, bytes } = this.#page as Page;
    if (positions === undefined) {
      this.#format.read(bytes, this.#start, count, target, at);
      this.#start += count * this.#format.width;
      return;
    }
    const entries = this.#entries;
    const some = this.#positions;
    positions.read(some, count);
    for (let i = 0; i < count; i += 1) {
      const value = entries[some[i] as number];
      if (value === undefined) throw new RangeError('a page refers to more than its dictionary has');
      target[at + i] = value;
    }
  }
}
