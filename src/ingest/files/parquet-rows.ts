import {
  asyncBuffer,
  openFile,
  openParquet,
  type ParquetFile,
  parquetError,
  parquetProgress,
  readGroup,
} from './parquet/parquet-file.ts';
import { parquetValue } from './parquet-value.ts';
import { emptyValues, type Row, type RowFile } from './row.ts';

/** Rows of a Parquet file. One row group is in memory at a time: its size is the writer's choice. */
export async function parquetRows(file: string): Promise<RowFile> {
  const opened = await openParquet(file);
  const columns = opened.columns.map((column) => column.element.name);
  let rowsRead = 0;
  return {
    file,
    rows: {
      async *[Symbol.asyncIterator]() {
        rowsRead = 0;
        for await (const row of readRows(opened, columns)) {
          rowsRead = row.line;
          yield row;
        }
      },
    },
    columns,
    kinds: undefined,
    progress: () => parquetProgress(opened, rowsRead),
  };
}

async function* readRows(
  { file, size, metadata }: ParquetFile,
  columns: readonly string[],
): AsyncGenerator<Row, void, undefined> {
  const handle = await openFile(file);
  try {
    const buffer = asyncBuffer(handle, size);
    for (let group = 0, start = 0; group < metadata.row_groups.length; group += 1) {
      const end = start + Number(metadata.row_groups[group]?.num_rows);
      const data = await readGroup(buffer, metadata, columns, start, end).catch((error: unknown) => {
        throw parquetError(file, error);
      });
      for (let row = start; row < end; row += 1) {
        const values = emptyValues(columns);
        for (const [position, column] of columns.entries())
          values[column] = parquetValue(data[position]?.[row - start]);
        yield { line: row + 1, values };
      }
      start = end;
    }
  } finally {
    await handle.close();
  }
}
