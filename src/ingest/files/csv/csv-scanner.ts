import type { ByteFile } from '../byte-file.ts';
import type { CsvHeader } from '../csv-header.ts';
import { lineError } from '../file-error.ts';
import { CR, CSV_FAULTS, type CsvCell, LF, MAX_ROW_LENGTH, QUOTE } from './csv-cell.ts';
import type { CellReader } from './csv-columns.ts';

const BUFFER_BYTES = 512 * 1024;
const BOM = [0xef, 0xbb, 0xbf];

/** Some rows, of which the columns hold the cells. */
export interface ScannedRows {
  /** Line of the first one, from 1. */
  readonly firstLine: number;
  readonly rows: number;
}

/**
 * Reads a CSV file with a header row into columns, `capacity` rows at a time; what the columns hold is valid until the next
 * rows are asked for. Lines without anything are left out. Throws an `input` error at a row with too few or too many cells,
 * or with quotes that do not match.
 *
 * Each byte is looked at once, where its cell is read: a row that is not all there yet is read again from its start.
 */
export async function* scanCsv(
  bytes: ByteFile,
  header: CsvHeader,
  cell: CsvCell,
  columns: readonly CellReader[],
  capacity: number,
): AsyncGenerator<ScannedRows, void, undefined> {
  const rows = new RowReader(bytes.file, header, cell, columns, capacity);
  for await (const chunk of bytes.chunks()) {
    rows.append(chunk);
    while (rows.fill()) yield rows.take();
  }
  rows.end();
  while (rows.fill()) yield rows.take();
  if (rows.count > 0) yield rows.take();
}

class RowReader {
  /** Rows that the columns hold. */
  count = 0;

  readonly #file: string;
  readonly #cell: CsvCell;
  readonly #columns: readonly CellReader[];
  readonly #capacity: number;
  /** Bytes at hand are position..filled. */
  #buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  #position = 0;
  #filled = 0;
  #line = 1;
  #firstLine = 1;
  #started = false;
  #headerSeen = false;
  #taken = false;

  constructor(
    file: string,
    { skipped }: CsvHeader,
    cell: CsvCell,
    columns: readonly CellReader[],
    capacity: number,
  ) {
    this.#file = file;
    this.#cell = cell;
    this.#columns = skipped === 0 ? columns : [new SkippedColumn(cell), ...columns];
    this.#capacity = capacity;
    cell.isLast = false;
    cell.limit = 0;
  }

  append(chunk: Buffer): void {
    const rest = this.#filled - this.#position;
    if (rest > MAX_ROW_LENGTH) {
      throw lineError(this.#file, this.#line, CSV_FAULTS.tooLong);
    }
    const needed = rest + chunk.length;
    if (needed > this.#buffer.length) {
      const larger = Buffer.allocUnsafe(2 * needed);
      this.#buffer.copy(larger, 0, this.#position, this.#filled);
      this.#buffer = larger;
    } else {
      this.#buffer.copyWithin(0, this.#position, this.#filled);
    }
    chunk.copy(this.#buffer, rest);
    this.#position = 0;
    this.#filled = needed;
    // Long rows are not searched again and again for an end that is not there yet.
    const lastEnd = chunk.lastIndexOf(LF);
    this.#cell.limit = lastEnd === -1 ? 0 : rest + lastEnd + 1;
    if (!this.#started && this.#filled >= BOM.length) this.#skipBom();
  }

  /** No chunk follows. */
  end(): void {
    if (this.#filled > this.#position && this.#buffer[this.#filled - 1] !== LF) this.append(Buffer.of(LF));
    if (!this.#started) this.#skipBom();
    this.#cell.limit = this.#filled;
    this.#cell.isLast = true;
  }

  /** Reads on; true when the columns are full, false when more bytes are needed. */
  fill(): boolean {
    if (this.#taken) this.#clear();
    if (!this.#headerSeen) this.#skipHeader();
    const { limit } = this.#cell;
    while (this.count < this.#capacity && this.#position < limit) {
      if (!this.#readRow()) return false;
    }
    return this.count === this.#capacity;
  }

  take(): ScannedRows {
    this.#taken = true;
    return { firstLine: this.#firstLine, rows: this.count };
  }

  #clear(): void {
    for (const column of this.#columns) column.clear();
    this.count = 0;
    this.#taken = false;
  }

  #skipBom(): void {
    this.#started = true;
    if (BOM.every((byte, i) => this.#buffer[i] === byte)) this.#position = BOM.length;
  }

  /** Its names are known: it is the first row that is not blank. */
  #skipHeader(): void {
    const cell = this.#cell;
    while (!this.#headerSeen && this.#position < cell.limit) {
      cell.line = this.#line;
      cell.newlines = 0;
      if (this.#skipBlankRow()) continue;
      let at = this.#position - 1;
      do {
        at = cell.find(this.#buffer, at + 1);
        if (at < 0) return;
      } while (this.#buffer[at] === cell.delimiter);
      this.#headerSeen = true;
      this.#endRow(at);
    }
  }

  /** False when the row is not all there. */
  #readRow(): boolean {
    const cell = this.#cell;
    const buffer = this.#buffer;
    const columns = this.#columns;
    const row = this.count;
    const last = columns.length - 1;
    cell.line = this.#line;
    cell.newlines = 0;
    let at = this.#position;
    const first = buffer[at] as number;
    // No other byte begins a blank row, so most rows need no closer look.
    if ((first <= QUOTE || first >= 0x80) && this.#skipBlankRow()) return true;
    for (let i = 0; i < last; i += 1) {
      at = (columns[i] as CellReader).read(buffer, at, row);
      if (at < 0 || buffer[at] !== cell.delimiter) return this.#readOddRow();
      at += 1;
    }
    at = (columns[last] as CellReader).read(buffer, at, row);
    if (at < 0 || buffer[at] === cell.delimiter) return this.#readOddRow();
    if (row === 0) this.#firstLine = this.#line;
    this.count = row + 1;
    this.#endRow(at);
    return true;
  }

  /** A row that is not all there, or has too few or too many cells. */
  #readOddRow(): false {
    for (const column of this.#columns) column.undo(this.count);
    this.#cell.newlines = 0;
    let count = 0;
    for (let at = this.#position - 1; count === 0 || this.#buffer[at] === this.#cell.delimiter; count += 1) {
      at = this.#cell.find(this.#buffer, at + 1);
      if (at < 0) return false;
    }
    throw this.#cell.fault(`expected ${this.#columns.length} cells, found ${count}`);
  }

  /** True when the row was nothing but one cell of spaces, or of nothing at all. */
  #skipBlankRow(): boolean {
    const cell = this.#cell;
    const end = cell.find(this.#buffer, this.#position);
    const isBlank = end >= 0 && this.#buffer[end] !== cell.delimiter && cell.text().trim() === '';
    if (isBlank) this.#endRow(end);
    cell.newlines = 0;
    return isBlank;
  }

  /** @param end where the line end of the row begins. */
  #endRow(end: number): void {
    this.#position = end + (this.#buffer[end] === CR ? 2 : 1);
    this.#line += 1 + this.#cell.newlines;
  }
}

/** The row index: cells that count and hold no data. */
class SkippedColumn implements CellReader {
  readonly #cell: CsvCell;

  constructor(cell: CsvCell) {
    this.#cell = cell;
  }

  read(bytes: Buffer, start: number): number {
    return this.#cell.find(bytes, start);
  }

  undo(): void {
    // Nothing was kept.
  }

  clear(): void {
    // Nothing was kept.
  }
}
