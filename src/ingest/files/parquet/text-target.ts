import { ByteDictionary, hashOf, type Meaning } from '../byte-dictionary.ts';
import type { CodeVector } from '../column-batch.ts';
import type { ColumnPages, Dictionary, Page } from './column-pages.ts';
import type { ValueTarget } from './flat-column.ts';

const UNKNOWN = -2;

/** Texts, and whatever else becomes text: they are categories. */
export class TextTarget implements ValueTarget {
  readonly rows: Int32Array;
  readonly gap = -1;

  readonly #codes: ByteDictionary;
  /** Bytes of each value; undefined where its length stands before it. */
  readonly #width: number | undefined;
  readonly #positions: Int32Array;
  #page: Page | undefined;
  #bytes: Buffer = Buffer.alloc(0);
  #start = 0;
  #dictionary: Dictionary | undefined;
  #dictionaryBytes: Buffer = Buffer.alloc(0);
  /** Of each entry of the page dictionary where it begins, and its code in this batch. */
  #starts = new Int32Array(0);
  #codeByPosition = new Int32Array(0);

  constructor(meaning: Meaning, width: number | undefined, capacity: number) {
    this.#codes = new ByteDictionary(meaning);
    this.#width = width;
    this.rows = new Int32Array(capacity);
    this.#positions = new Int32Array(capacity);
  }

  /** The next values belong to another batch. */
  clear(): void {
    this.#codes.clear();
    this.#codeByPosition.fill(UNKNOWN);
  }

  begin(page: Page, { dictionary }: ColumnPages): void {
    this.#page = page;
    this.#bytes = bufferOf(page.bytes);
    this.#start = page.start;
    if (page.positions === undefined || dictionary === this.#dictionary) return;
    if (dictionary === undefined) throw new Error('a page refers to a dictionary that is not there');
    this.#dictionary = dictionary;
    this.#dictionaryBytes = bufferOf(dictionary.bytes);
    this.#starts = new Int32Array(dictionary.entries);
    this.#codeByPosition = new Int32Array(dictionary.entries).fill(UNKNOWN);
    for (let entry = 0, at = 0; entry < dictionary.entries; entry += 1) {
      this.#starts[entry] = at;
      at = this.#next(this.#dictionaryBytes, at);
    }
  }

  take(at: number, count: number): void {
    const { positions } = this.#page as Page;
    if (positions === undefined) {
      for (let i = at; i < at + count; i += 1) {
        this.rows[i] = this.#codeAt(this.#bytes, this.#start);
        this.#start = this.#next(this.#bytes, this.#start);
      }
      return;
    }
    const some = this.#positions;
    positions.read(some, count);
    const { rows } = this;
    const codes = this.#codeByPosition;
    for (let i = 0; i < count; i += 1) {
      const position = some[i] as number;
      let code = codes[position];
      if (code === undefined) throw new RangeError('a page refers to more than its dictionary has');
      if (code === UNKNOWN) {
        code = this.#codeAt(this.#dictionaryBytes, this.#starts[position] as number);
        codes[position] = code;
      }
      rows[at + i] = code;
    }
  }

  vector(): CodeVector {
    return { type: 'codes', codes: this.rows, dictionary: this.#codes.texts };
  }

  #codeAt(bytes: Buffer, at: number): number {
    const from = this.#width === undefined ? at + 4 : at;
    const to = this.#next(bytes, at);
    return this.#codes.codeOf(bytes, from, to, hashOf(bytes, from, to));
  }

  /** Where the value behind the one at `at` begins. */
  #next(bytes: Buffer, at: number): number {
    const next = at + (this.#width ?? 4 + bytes.readUInt32LE(at));
    if (next > bytes.length) throw new RangeError('a page ends before its values do');
    return next;
  }
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
