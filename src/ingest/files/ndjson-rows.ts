import { messageOf } from '../../base/errors.ts';
import type { ByteFile } from './byte-file.ts';
import { lineError } from './file-error.ts';
import type { Row, RowFile } from './row.ts';
import { isBlank, type Line, splitLines } from './split-lines.ts';

const MAX_LINE_BYTES = 16 * 1024 * 1024;

/** Rows of a file with one JSON object a line. Blank lines are skipped; anything else that is no object is an `input` error. */
export function ndjsonRows(bytes: ByteFile): RowFile {
  return {
    file: bytes.file,
    rows: { [Symbol.asyncIterator]: () => jsonObjects(bytes) },
    columns: undefined,
    kinds: undefined,
    progress: bytes.progress,
  };
}

export async function* jsonObjects(bytes: ByteFile): AsyncGenerator<Row, void, undefined> {
  for await (const line of splitLines(bytes.chunks(), MAX_LINE_BYTES)) {
    if (!isBlank(line.bytes)) yield toRow(bytes.file, line);
  }
}

function toRow(file: string, { line, bytes, cut }: Line): Row {
  if (cut) throw lineError(file, line, `the line is longer than ${MAX_LINE_BYTES} bytes`);
  let values: unknown;
  try {
    // JSON.parse makes a key "__proto__" an own property like any other.
    values = JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw lineError(file, line, `not JSON: ${messageOf(error)}${arrayHint(bytes)}`, error);
  }
  if (!isObject(values)) throw lineError(file, line, `expected a JSON object${arrayHint(bytes)}`);
  return { line, values };
}

/** The usual mistake: one large array, or objects that are printed over several lines. */
function arrayHint(bytes: Buffer): string {
  const first = bytes.toString('latin1').trimStart();
  const isWhole = first.startsWith('[') || first === '{';
  return isWhole ? '; one object must stand on each line (jq -c ".[]" makes them from an array)' : '';
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
