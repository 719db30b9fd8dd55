import { batchRows } from '../batch-rows.ts';
import type { ByteFile } from '../byte-file.ts';
import type { CellKind, ColumnBatch, ColumnFile, ColumnOptions } from '../column-batch.ts';
import { type Delimiter, readCsvHeader } from '../csv-header.ts';
import { DEFAULT_SAMPLE_ROWS } from '../row.ts';
import { CsvCell } from './csv-cell.ts';
import { csvColumn } from './csv-columns.ts';
import { sampleKinds } from './csv-kinds.ts';
import { scanCsv } from './csv-scanner.ts';

/**
 * A CSV file with a header row, by column. What a cell means is what `csvRows` says, but for columns of dates and
 * timestamps, which become numbers; a cell that does not fit a column of numbers is counted as invalid.
 */
export async function csvFile(
  bytes: ByteFile,
  delimiter: Delimiter | undefined,
  options: ColumnOptions,
): Promise<ColumnFile> {
  const header = await readCsvHeader(bytes, delimiter);
  const { columns } = header;
  const sampled = await sampleKinds(bytes, header, options.sampleRows ?? DEFAULT_SAMPLE_ROWS);
  const kinds = new Map<string, CellKind>();
  for (const name of columns) {
    kinds.set(name, options.kinds?.get(name) ?? sampled.get(name) ?? 'categorical');
  }
  return {
    file: bytes.file,
    columns,
    kinds,
    async *batches() {
      const cell = new CsvCell(bytes.file, header.delimiter.charCodeAt(0));
      const capacity = batchRows(columns.length);
      const readers = [...kinds].map(([name, kind]) => [name, csvColumn(kind, cell, capacity)] as const);
      const scanned = scanCsv(
        bytes,
        header,
        cell,
        readers.map(([, reader]) => reader),
        capacity,
      );
      for await (const { firstLine, rows } of scanned) {
        yield {
          firstLine,
          rows,
          columns: new Map(readers.map(([name, reader]) => [name, reader.vector(rows)])),
        } satisfies ColumnBatch;
      }
    },
    progress: bytes.progress,
  };
}
