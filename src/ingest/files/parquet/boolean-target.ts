import type { CodeVector } from '../column-batch.ts';
import type { ColumnPages, Page } from './column-pages.ts';
import type { ValueTarget } from './flat-column.ts';
import { Runs } from './runs.ts';

/** True and false: two categories. */
export class BooleanTarget implements ValueTarget {
  readonly rows: Int32Array;
  readonly gap = -1;

  readonly #bits: Int32Array;
  #page: Page | undefined;
  /** Of a page in runs. */
  #runs: Runs | undefined;
  /** Of a page of single bits: how many of them were read. */
  #taken = 0;
  #dictionary: string[] = [];
  #codes: [number, number] = [-1, -1];

  constructor(capacity: number) {
    this.rows = new Int32Array(capacity);
    this.#bits = new Int32Array(capacity);
  }

  clear(): void {
    this.#dictionary = [];
    this.#codes = [-1, -1];
  }

  begin(page: Page, _: ColumnPages): void {
    this.#page = page;
    this.#taken = 0;
    this.#runs = page.isRuns ? new Runs(page.bytes, page.start, page.bytes.length, 1) : undefined;
  }

  take(at: number, count: number): void {
    const bits = this.#bits;
    if (this.#runs !== undefined) this.#runs.read(bits, count);
    else this.#readBits(this.#page as Page, count);
    for (let i = 0; i < count; i += 1) {
      const bit = bits[i] === 1 ? 1 : 0;
      if (this.#codes[bit] === -1) this.#codes[bit] = this.#dictionary.push(bit === 1 ? 'true' : 'false') - 1;
      this.rows[at + i] = this.#codes[bit];
    }
  }

  vector(): CodeVector {
    return { type: 'codes', codes: this.rows, dictionary: this.#dictionary };
  }

  #readBits({ bytes, start }: Page, count: number): void {
    for (let i = 0; i < count; i += 1) {
      const bit = this.#taken + i;
      this.#bits[i] = ((bytes[start + (bit >>> 3)] ?? 0) >>> (bit & 7)) & 1;
    }
    this.#taken += count;
  }
}
