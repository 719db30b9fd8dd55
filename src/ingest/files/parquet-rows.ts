import { type FileHandle, open } from 'node:fs/promises';
import {
  type AsyncBuffer,
  type FileMetaData,
  parquetMetadataAsync,
  parquetScan,
  parquetSchema,
} from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { DriftdError, messageOf } from '../../base/errors.ts';
import { regularFileSize } from './byte-file.ts';
import { fileError } from './file-error.ts';
import { parquetValue } from './parquet-value.ts';
import { emptyValues, type Row, type RowFile } from './row.ts';

/** Rows of a Parquet file. One row group is in memory at a time: its size is the writer's choice. */
export async function parquetRows(file: string): Promise<RowFile> {
  const total = await regularFileSize(file);
  const metadata = await withFile(file, total, (buffer) => parquetMetadataAsync(buffer));
  const columns = parquetSchema(metadata).children.map((child) => child.element.name);
  const rowCount = Number(metadata.num_rows);
  let rowsRead = 0;
  return {
    file,
    rows: {
      async *[Symbol.asyncIterator]() {
        rowsRead = 0;
        for await (const row of readRows(file, total, metadata, columns)) {
          rowsRead = row.line;
          yield row;
        }
      },
    },
    columns,
    kinds: undefined,
    progress: () => ({ done: rowCount === 0 ? total : Math.round((total * rowsRead) / rowCount), total }),
  };
}

async function* readRows(
  file: string,
  size: number,
  metadata: FileMetaData,
  columns: readonly string[],
): AsyncGenerator<Row, void, undefined> {
  const handle = await open(file).catch((error: unknown) => {
    throw fileError(file, error);
  });
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

/** The columns of one row group. A scan of its own each time: a scan keeps what it has read. */
async function readGroup(
  file: AsyncBuffer,
  metadata: FileMetaData,
  columns: readonly string[],
  rowStart: number,
  rowEnd: number,
): Promise<Array<ArrayLike<unknown>>> {
  const scan = await parquetScan({ file, metadata, compressors, rowStart, rowEnd });
  const data: Array<ArrayLike<unknown>> = [];
  for (const column of columns) data.push(await scan.readColumn({ column, rowStart, rowEnd }));
  return data;
}

async function withFile<T>(
  file: string,
  size: number,
  read: (buffer: AsyncBuffer) => Promise<T>,
): Promise<T> {
  const handle = await open(file).catch((error: unknown) => {
    throw fileError(file, error);
  });
  try {
    return await read(asyncBuffer(handle, size));
  } catch (error) {
    throw parquetError(file, error);
  } finally {
    await handle.close();
  }
}

function asyncBuffer(handle: FileHandle, byteLength: number): AsyncBuffer {
  return {
    byteLength,
    async slice(start, end = byteLength) {
      const bytes = new Uint8Array(Math.max(0, end - start));
      for (let done = 0; done < bytes.length; ) {
        const { bytesRead } = await handle.read(bytes, done, bytes.length - done, start + done);
        if (bytesRead === 0) throw new Error('the file ends too early');
        done += bytesRead;
      }
      return bytes.buffer;
    },
  };
}

function parquetError(file: string, error: unknown): DriftdError {
  if (error instanceof DriftdError) return error;
  return new DriftdError('input', `${file}: cannot be read as Parquet (${messageOf(error)})`, {
    cause: error,
  });
}
