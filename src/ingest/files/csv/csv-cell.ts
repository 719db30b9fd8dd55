import { lineError } from '../file-error.ts';

export const LF = 0x0a;
export const CR = 0x0d;
export const QUOTE = 0x22;

/** Rows are longer than this only where a quote is never closed. */
export const MAX_ROW_LENGTH = 4 * 1024 * 1024;

/** What can be wrong with a row. */
export const CSV_FAULTS = {
  tooLong: `the row is longer than ${MAX_ROW_LENGTH} characters; is a quote left open?`,
  openQuote: 'a cell in this row begins with a quote that is never closed',
  quoteInside:
    'a quote inside a cell that does not begin with one; put the cell in quotes and double those inside',
  textBehindQuote: 'text behind a closing quote; quotes inside a quoted cell must be doubled',
} as const;

/**
 * Finds where cells of CSV begin and end (RFC 4180). Between 0 and `limit`, behind a line feed, the bytes are whole: a cell
 * that does not end before the limit is one in quotes.
 */
export class CsvCell {
  /** Of the row that is being read, for messages. */
  line = 1;
  /** Line feeds in the cells of that row. */
  newlines = 0;
  limit = 0;
  /** True when nothing follows behind the limit. */
  isLast = false;
  /** Where the content of the cell lies that was found last, without quotes and with single ones inside. */
  source: Buffer = EMPTY;
  from = 0;
  to = 0;
  readonly delimiter: number;
  /** 1 for the bytes at which a cell without quotes may end, or must not go on. */
  readonly special = new Uint8Array(256);

  readonly #file: string;
  #unquoted = EMPTY;

  constructor(file: string, delimiter: number) {
    this.#file = file;
    this.delimiter = delimiter;
    for (const byte of [delimiter, LF, CR, QUOTE]) this.special[byte] = 1;
  }

  /**
   * Finds the cell that begins at `start`. Gives the position behind it, where a delimiter, a line feed, or a return with a
   * line feed stands; -1 when the cell is not all there.
   */
  find(bytes: Buffer, start: number): number {
    if (bytes[start] === QUOTE) return this.#findQuoted(bytes, start + 1);
    let at = start;
    for (;;) {
      while (this.special[bytes[at] as number] === 0) at += 1;
      if (bytes[at] === QUOTE) throw this.fault(CSV_FAULTS.quoteInside);
      if (bytes[at] !== CR || bytes[at + 1] === LF) break;
      at += 1;
    }
    this.source = bytes;
    this.from = start;
    this.to = at;
    return at;
  }

  text(): string {
    return this.source.toString('utf8', this.from, this.to);
  }

  /** True where a cell may end. */
  isEnd(bytes: Buffer, at: number): boolean {
    const byte = bytes[at];
    return byte === this.delimiter || byte === LF || (byte === CR && bytes[at + 1] === LF);
  }

  fault(problem: string): Error {
    return lineError(this.#file, this.line, problem);
  }

  #findQuoted(bytes: Buffer, start: number): number {
    let at = start;
    let doubled = 0;
    for (; at < this.limit; at += 1) {
      const byte = bytes[at];
      if (byte === LF) this.newlines += 1;
      if (byte !== QUOTE) continue;
      if (bytes[at + 1] !== QUOTE) break;
      doubled += 1;
      at += 1;
    }
    if (at >= this.limit) {
      if (this.isLast) throw this.fault(CSV_FAULTS.openQuote);
      return -1;
    }
    if (!this.isEnd(bytes, at + 1)) throw this.fault(CSV_FAULTS.textBehindQuote);
    if (doubled === 0) {
      this.source = bytes;
      this.from = start;
      this.to = at;
    } else {
      this.#unquote(bytes, start, at, doubled);
    }
    return at + 1;
  }

  #unquote(bytes: Buffer, start: number, end: number, doubled: number): void {
    const length = end - start - doubled;
    if (this.#unquoted.length < length) this.#unquoted = Buffer.allocUnsafe(2 * length);
    let to = 0;
    for (let at = start; at < end; at += 1) {
      const byte = bytes[at] as number;
      this.#unquoted[to++] = byte;
      if (byte === QUOTE) at += 1;
    }
    this.source = this.#unquoted;
    this.from = 0;
    this.to = length;
  }
}

const EMPTY = Buffer.alloc(0);
