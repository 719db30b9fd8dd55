import { ByteDictionary, HASH_START, hashOf, type Meaning, mixByte, utf8Text } from '../byte-dictionary.ts';
import type { CellKind, ColumnVector } from '../column-batch.ts';
import { readCell } from '../column-kinds.ts';
import { isoTime } from '../iso-time.ts';
import { CR, type CsvCell, LF, QUOTE } from './csv-cell.ts';
import { NumberBytes } from './number-bytes.ts';

/** Takes the cells of one column, row by row. */
export interface CellReader {
  /** Takes the cell that begins at `start`; gives the position behind it, or -1 as `CsvCell.find` does. */
  read(bytes: Buffer, start: number, row: number): number;
  /** Forgets this row: it was not all there, or is none. */
  undo(row: number): void;
  /** Forgets all rows. */
  clear(): void;
}

export interface CsvColumn extends CellReader {
  /** The first rows, for as long as nothing else is read. */
  vector(rows: number): ColumnVector;
}

/** @param capacity rows of a batch. */
export function csvColumn(kind: CellKind, cell: CsvCell, capacity: number): CsvColumn {
  switch (kind) {
    case 'numeric':
      return new NumberColumn(cell, capacity);
    case 'time':
      return new TimeColumn(cell, capacity);
    case 'boolean':
    case 'categorical':
      return new CodeColumn(kind, cell, capacity);
  }
}

class NumberColumn implements CsvColumn {
  readonly #cell: CsvCell;
  readonly #delimiter: number;
  readonly #numbers = new NumberBytes();
  readonly #values: Float64Array;
  readonly #invalid = new InvalidCells();

  constructor(cell: CsvCell, capacity: number) {
    this.#cell = cell;
    this.#delimiter = cell.delimiter;
    this.#values = new Float64Array(capacity);
  }

  read(bytes: Buffer, start: number, row: number): number {
    const first = bytes[start];
    if (first === this.#delimiter) {
      this.#values[row] = Number.NaN;
      return start;
    }
    const isQuoted = first === QUOTE;
    const value = this.#numbers.read(bytes, isQuoted ? start + 1 : start);
    if (!Number.isNaN(value)) {
      let end = this.#numbers.end;
      if (isQuoted) end = bytes[end] === QUOTE ? end + 1 : start;
      const next = bytes[end];
      if (next === this.#delimiter || next === LF || (next === CR && bytes[end + 1] === LF)) {
        this.#values[row] = value;
        return end;
      }
    }
    return this.#readOther(bytes, start, row);
  }

  /** Empty, with spaces around it, or no number. */
  #readOther(bytes: Buffer, start: number, row: number): number {
    const end = this.#cell.find(bytes, start);
    if (end < 0) return end;
    const value = readCell('numeric', this.#cell.text());
    this.#values[row] = typeof value === 'number' ? value : Number.NaN;
    if (typeof value === 'string') this.#invalid.add(row, value);
    return end;
  }

  undo(row: number): void {
    this.#invalid.undo(row);
  }

  vector(rows: number): ColumnVector {
    return this.#invalid.vector(this.#values, rows);
  }

  clear(): void {
    this.#invalid.clear();
  }
}

class TimeColumn implements CsvColumn {
  readonly #cell: CsvCell;
  readonly #values: Float64Array;
  readonly #invalid = new InvalidCells();

  constructor(cell: CsvCell, capacity: number) {
    this.#cell = cell;
    this.#values = new Float64Array(capacity);
  }

  read(bytes: Buffer, start: number, row: number): number {
    const cell = this.#cell;
    const end = cell.find(bytes, start);
    if (end < 0) return end;
    const time = isoTime(cell.source, cell.from, cell.to);
    this.#values[row] = time;
    if (Number.isNaN(time) && cell.to > cell.from) {
      const value = readCell('categorical', cell.text());
      if (value !== null) this.#invalid.add(row, String(value));
    }
    return end;
  }

  undo(row: number): void {
    this.#invalid.undo(row);
  }

  vector(rows: number): ColumnVector {
    return this.#invalid.vector(this.#values, rows);
  }

  clear(): void {
    this.#invalid.clear();
  }
}

class CodeColumn implements CsvColumn {
  readonly #cell: CsvCell;
  readonly #special: Uint8Array;
  readonly #dictionary: ByteDictionary;
  readonly #codes: Int32Array;

  constructor(kind: 'boolean' | 'categorical', cell: CsvCell, capacity: number) {
    this.#cell = cell;
    this.#special = cell.special;
    this.#codes = new Int32Array(capacity);
    const meaning: Meaning = (bytes, from, to) => {
      const value = readCell(kind, utf8Text(bytes, from, to));
      return value === null ? null : String(value);
    };
    this.#dictionary = new ByteDictionary(meaning, kind === 'boolean');
  }

  read(bytes: Buffer, start: number, row: number): number {
    let at = start;
    let hash = HASH_START;
    let byte = bytes[at] as number;
    for (; this.#special[byte] === 0; byte = bytes[++at] as number) hash = mixByte(hash, byte);
    if (byte === QUOTE || (byte === CR && bytes[at + 1] !== LF)) return this.#readOther(bytes, start, row);
    this.#codes[row] = at === start ? -1 : this.#dictionary.codeOf(bytes, start, at, hash);
    return at;
  }

  /** In quotes, or with a return inside. */
  #readOther(bytes: Buffer, start: number, row: number): number {
    const cell = this.#cell;
    const end = cell.find(bytes, start);
    if (end < 0) return end;
    const { source, from, to } = cell;
    this.#codes[row] = from === to ? -1 : this.#dictionary.codeOf(source, from, to, hashOf(source, from, to));
    return end;
  }

  undo(): void {
    // What an unfinished row has brought into the dictionary comes again when the row does.
  }

  vector(): ColumnVector {
    return { type: 'codes', codes: this.#codes, dictionary: this.#dictionary.texts };
  }

  clear(): void {
    this.#dictionary.clear();
  }
}

/** Counts cells that are there and do not fit their column. */
class InvalidCells {
  #count = 0;
  #lastRow = -1;
  #example: string | undefined;

  add(row: number, text: string): void {
    if (this.#count === 0) this.#example = text;
    this.#count += 1;
    this.#lastRow = row;
  }

  undo(row: number): void {
    if (this.#lastRow !== row) return;
    this.#count -= 1;
    this.#lastRow = -1;
  }

  vector(values: Float64Array, rows: number): ColumnVector {
    let absent = 0;
    for (let row = 0; row < rows; row += 1) if (Number.isNaN(values[row])) absent += 1;
    return {
      type: 'numbers',
      values,
      missing: absent - this.#count,
      invalid: this.#count,
      invalidExample: this.#count === 0 ? undefined : this.#example,
    };
  }

  clear(): void {
    this.#count = 0;
    this.#lastRow = -1;
    this.#example = undefined;
  }
}
