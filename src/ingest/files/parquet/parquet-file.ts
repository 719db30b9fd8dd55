import { type FileHandle, open } from 'node:fs/promises';
import * as zlib from 'node:zlib';
import {
  type AsyncBuffer,
  type Compressors,
  type FileMetaData,
  parquetMetadataAsync,
  parquetScan,
  parquetSchema,
  type SchemaTree,
} from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { DriftdError, messageOf } from '../../../base/errors.ts';
import { regularFileSize } from '../byte-file.ts';
import { fileError } from '../file-error.ts';
import type { FileProgress } from '../row.ts';

/** A Parquet file of which all is known but the values. */
export interface ParquetFile {
  readonly file: string;
  readonly size: number;
  readonly rows: number;
  readonly metadata: FileMetaData;
  /** One a column; columns of lists and structures have children. */
  readonly columns: readonly SchemaTree[];
}

/** How pages are unpacked: by Node where it can, which is faster. */
export const unpackers: Compressors = {
  ...compressors,
  GZIP: (input, length) => zlib.gunzipSync(input, { maxOutputLength: Math.max(1, length) }),
  BROTLI: (input, length) => zlib.brotliDecompressSync(input, { maxOutputLength: Math.max(1, length) }),
  // An empty page, as a column without values has it, is one byte that hyparquet-compressors 1.1.2 takes for damaged.
  LZ4_RAW: (input, length) =>
    length === 0 ? new Uint8Array(0) : (compressors.LZ4_RAW?.(input, length) ?? new Uint8Array(0)),
  ...nativeZstd(),
};

/** Since Node 22.15. */
function nativeZstd(): Compressors {
  const unzstd: unknown = Reflect.get(zlib, 'zstdDecompressSync');
  if (typeof unzstd !== 'function') return {};
  return {
    ZSTD: (input, length) => Reflect.apply(unzstd, zlib, [input, { maxOutputLength: Math.max(1, length) }]),
  };
}

export async function openParquet(file: string): Promise<ParquetFile> {
  const size = await regularFileSize(file);
  const metadata = await withParquet(file, (handle) => parquetMetadataAsync(asyncBuffer(handle, size)));
  return {
    file,
    size,
    rows: Number(metadata.num_rows),
    metadata,
    columns: parquetSchema(metadata).children,
  };
}

/** How far a file is read when so many rows are. */
export function parquetProgress({ size, rows }: ParquetFile, rowsRead: number): FileProgress {
  return { done: rows === 0 ? size : Math.round((size * rowsRead) / rows), total: size };
}

/** Does something with the open file. What goes wrong there is an `input` error: the file is not as it should be. */
export async function withParquet<T>(file: string, work: (handle: FileHandle) => Promise<T>): Promise<T> {
  const handle = await openFile(file);
  try {
    return await work(handle);
  } catch (error) {
    throw parquetError(file, error);
  } finally {
    await handle.close();
  }
}

export async function openFile(file: string): Promise<FileHandle> {
  return open(file).catch((error: unknown) => {
    throw fileError(file, error);
  });
}

export function asyncBuffer(handle: FileHandle, byteLength: number): AsyncBuffer {
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

/** The columns of one row group. A scan of its own each time: a scan keeps what it has read. */
export async function readGroup(
  file: AsyncBuffer,
  metadata: FileMetaData,
  columns: readonly string[],
  rowStart: number,
  rowEnd: number,
): Promise<Array<ArrayLike<unknown>>> {
  const scan = await parquetScan({ file, metadata, compressors: unpackers, rowStart, rowEnd });
  const data: Array<ArrayLike<unknown>> = [];
  for (const column of columns) data.push(await scan.readColumn({ column, rowStart, rowEnd }));
  return data;
}

export function parquetError(file: string, error: unknown): DriftdError {
  if (error instanceof DriftdError) return error;
  return new DriftdError('input', `${file}: cannot be read as Parquet (${messageOf(error)})`, {
    cause: error,
  });
}
