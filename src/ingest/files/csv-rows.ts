import { pipeline } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import type { ByteFile } from './byte-file.ts';
import { inferKinds, readCell } from './column-kinds.ts';
import { CSV_FAULTS, MAX_ROW_LENGTH } from './csv/csv-cell.ts';
import { type CsvHeader, type Delimiter, readCsvHeader } from './csv-header.ts';
import { lineError } from './file-error.ts';
import {
  type ColumnKind,
  DEFAULT_SAMPLE_ROWS,
  emptyValues,
  type Row,
  type RowFile,
  type RowOptions,
} from './row.ts';

interface Cells {
  readonly line: number;
  /** As many as the header has columns. */
  readonly cells: readonly string[];
}

/**
 * Rows of a CSV file with a header row (RFC 4180, LF or CRLF). Cells are typed by the kind of their column, which a sample
 * of the first rows decides, so that a column does not change its type midway; a later cell that does not fit stays text.
 */
export async function csvRows(
  bytes: ByteFile,
  delimiter: Delimiter | undefined,
  options: RowOptions,
): Promise<RowFile> {
  const header = await readCsvHeader(bytes, delimiter);
  const { columns } = header;
  const sample = await takeCells(bytes, header, options.sampleRows ?? DEFAULT_SAMPLE_ROWS);
  const kinds = inferKinds(columns, sample);
  for (const column of columns)
    kinds.set(column, options.kinds?.get(column) ?? kinds.get(column) ?? 'categorical');
  const readers = columns.map((column) => ({ column, kind: kinds.get(column) ?? 'categorical' }));
  return {
    file: bytes.file,
    rows: {
      async *[Symbol.asyncIterator]() {
        for await (const record of readCells(bytes, header)) yield toRow(columns, readers, record);
      },
    },
    columns,
    kinds,
    progress: bytes.progress,
  };
}

function toRow(
  columns: readonly string[],
  readers: ReadonlyArray<{ readonly column: string; readonly kind: ColumnKind }>,
  { line, cells }: Cells,
): Row {
  const values = emptyValues(columns);
  for (const [position, { column, kind }] of readers.entries())
    values[column] = readCell(kind, cells[position] ?? '');
  return { line, values };
}

async function takeCells(
  bytes: ByteFile,
  header: CsvHeader,
  limit: number,
): Promise<Array<readonly string[]>> {
  const sample: Array<readonly string[]> = [];
  if (limit <= 0) return sample;
  for await (const { cells } of readCells(bytes, header)) {
    sample.push(cells);
    if (sample.length >= limit) break;
  }
  return sample;
}

async function* readCells(bytes: ByteFile, header: CsvHeader): AsyncGenerator<Cells, void, undefined> {
  const { file } = bytes;
  const expected = header.columns.length + header.skipped;
  const parser = parse({
    bom: true,
    delimiter: header.delimiter,
    record_delimiter: ['\n', '\r\n'],
    // Counted below, where the message can say how many cells there should be.
    relax_column_count: true,
    max_record_size: MAX_ROW_LENGTH,
  });
  // The callback takes errors that also end the loop below; without it they would be thrown a second time.
  const records: AsyncIterable<string[]> = pipeline(bytes.chunks(), parser, () => undefined);
  let line = 1;
  let headerSeen = false;
  try {
    for await (const cells of records) {
      const begin = line;
      line += 1 + newlinesIn(cells);
      if (cells.length === 1 && cells[0]?.trim() === '') continue;
      if (!headerSeen) {
        headerSeen = true;
        continue;
      }
      if (cells.length !== expected) {
        throw lineError(file, begin, `expected ${expected} cells, found ${cells.length}`);
      }
      yield { line: begin, cells: header.skipped === 0 ? cells : cells.slice(1) };
    }
  } catch (error) {
    if (error instanceof CsvError) throw lineError(file, line, problemOf(error), error);
    throw error;
  }
}

/** The parser's own count takes CRLF inside quotes for two lines. */
function newlinesIn(cells: readonly string[]): number {
  let count = 0;
  for (const cell of cells) {
    for (let at = cell.indexOf('\n'); at !== -1; at = cell.indexOf('\n', at + 1)) count += 1;
  }
  return count;
}

function problemOf(error: CsvError): string {
  switch (error.code) {
    case 'CSV_QUOTE_NOT_CLOSED':
      return CSV_FAULTS.openQuote;
    case 'CSV_MAX_RECORD_SIZE':
      return CSV_FAULTS.tooLong;
    case 'INVALID_OPENING_QUOTE':
      return CSV_FAULTS.quoteInside;
    case 'CSV_INVALID_CLOSING_QUOTE':
      return CSV_FAULTS.textBehindQuote;
    default:
      return error.message;
  }
}
