import { parse } from 'csv-parse/sync';
import { messageOf } from '../../base/errors.ts';
import type { ByteFile } from './byte-file.ts';
import { lineError } from './file-error.ts';

const DELIMITERS = [',', ';', '\t'] as const;
const MAX_HEADER_BYTES = 1024 * 1024;

export type Delimiter = (typeof DELIMITERS)[number];

export interface CsvHeader {
  readonly delimiter: Delimiter;
  /** Names of the columns that hold data. */
  readonly columns: readonly string[];
  /** Cells of each row that come before them: 1 when the first column has no name (a row index, as pandas writes it). */
  readonly skipped: 0 | 1;
}

/**
 * Reads the first row of a CSV file. The delimiter is the one of comma, semicolon and tab that it holds most of, outside
 * quotes. Spaces around names are not part of them. Names must be there and differ, but for that of the first column.
 */
export async function readCsvHeader(bytes: ByteFile, delimiter?: Delimiter): Promise<CsvHeader> {
  const { file } = bytes;
  const text = await firstRow(bytes);
  if (text === '') throw lineError(file, 1, 'the file is empty; the first line must name the columns');
  const chosen = delimiter ?? likelyDelimiter(text);
  const names = splitHeader(file, text, chosen).map((name) => name.trim());
  const skipped = names.length > 1 && names[0] === '' ? 1 : 0;
  const columns = names.slice(skipped);
  const nameless = columns.indexOf('');
  if (nameless !== -1) throw lineError(file, 1, `column ${nameless + skipped + 1} has no name`);
  const seen = new Set<string>();
  const twice = columns.find((name) => seen.size === seen.add(name).size);
  if (twice !== undefined) throw lineError(file, 1, `two columns are called "${twice}"`);
  return { delimiter: chosen, columns, skipped };
}

function splitHeader(file: string, text: string, delimiter: Delimiter): string[] {
  try {
    return parse(text, { delimiter, to: 1 })[0] ?? [];
  } catch (error) {
    throw lineError(file, 1, `the row of column names cannot be read: ${messageOf(error)}`, error);
  }
}

/** The text up to the first line end that is not inside quotes. */
async function firstRow(bytes: ByteFile): Promise<string> {
  let head = Buffer.alloc(0);
  for await (const chunk of bytes.chunks()) {
    head = Buffer.concat([head, chunk]);
    const end = firstRowEnd(head);
    if (end !== undefined) return rowText(bytes.file, head.subarray(0, end));
    if (head.length > MAX_HEADER_BYTES) {
      throw lineError(bytes.file, 1, `the row of column names does not end within ${MAX_HEADER_BYTES} bytes`);
    }
  }
  return rowText(bytes.file, head);
}

function firstRowEnd(head: Buffer): number | undefined {
  let quoted = false;
  let filled = false;
  for (const [position, byte] of head.entries()) {
    if (byte === 0x22) quoted = !quoted;
    if (byte === 0x0a && !quoted && filled) return position;
    if (byte > 0x20 && !isBomByte(byte, position)) filled = true;
  }
  return undefined;
}

function isBomByte(byte: number, position: number): boolean {
  return position < 3 && byte === [0xef, 0xbb, 0xbf][position];
}

function rowText(file: string, row: Buffer): string {
  const [first, second] = row;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    throw lineError(file, 1, 'the file is UTF-16; save it as UTF-8');
  }
  return row
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .replace(/^[\r\n]+/, '')
    .replace(/[\r\n]+$/, '');
}

function likelyDelimiter(text: string): Delimiter {
  const bare = text.replace(/"[^"]*"/g, '');
  const counts = DELIMITERS.map((delimiter) => bare.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ',';
}
