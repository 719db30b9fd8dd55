import { openByteFile } from './byte-file.ts';
import { csvRows } from './csv-rows.ts';
import { fileFormat } from './file-format.ts';
import { ndjsonRows } from './ndjson-rows.ts';
import { parquetRows } from './parquet-rows.ts';
import type { RowFile, RowOptions } from './row.ts';

/**
 * Opens a data file to be read row by row; its name says what it is (.csv, .tsv, .ndjson, .jsonl, .json, each also with .gz,
 * or .parquet). Throws an `input` error when there is no such file, when the name says nothing, or, at the row in question,
 * when the content is not what the name says.
 *
 * @example for await (const { line, values } of (await openRows('reference.csv.gz')).rows) ...
 */
export async function openRows(file: string, options: RowOptions = {}): Promise<RowFile> {
  const format = fileFormat(file);
  if (format.kind === 'parquet') return parquetRows(file);
  const bytes = await openByteFile(file, format.gzip);
  return format.kind === 'ndjson'
    ? ndjsonRows(bytes)
    : csvRows(bytes, format.tabs ? '\t' : undefined, options);
}
