import { createReadStream, type ReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { DriftdError } from '../../base/errors.ts';
import { fileError } from './file-error.ts';
import type { FileProgress } from './row.ts';

const CHUNK_BYTES = 256 * 1024;

/** A file whose bytes are read as a stream, unpacked when they were packed. */
export interface ByteFile {
  readonly file: string;
  /** Reads from the start. Whoever stops early closes the file by leaving the loop. */
  chunks(): AsyncGenerator<Buffer, void, undefined>;
  /** Of the latest reading. */
  progress(): FileProgress;
}

/** Throws an `input` error at once when there is no such file, and while reading when gzip data is damaged. */
export async function openByteFile(file: string, gzip: boolean): Promise<ByteFile> {
  const total = await regularFileSize(file);
  let source: ReadStream | undefined;
  return {
    file,
    async *chunks() {
      source = createReadStream(file, { highWaterMark: CHUNK_BYTES });
      // The callback takes errors that also end the loop below; without it they would be thrown a second time.
      const stream = gzip
        ? pipeline(source, createGunzip({ chunkSize: CHUNK_BYTES }), () => undefined)
        : source;
      try {
        for await (const chunk of stream) yield chunk;
      } catch (error) {
        throw fileError(file, error);
      }
    },
    progress: () => ({ done: source?.bytesRead ?? 0, total }),
  };
}

export async function regularFileSize(file: string): Promise<number> {
  const found = await stat(file).catch((error: unknown) => {
    throw fileError(file, error);
  });
  if (found.isDirectory()) throw fileError(file, { code: 'EISDIR' });
  if (!found.isFile()) {
    throw new DriftdError('input', `${file}: is no regular file, and files are read more than once`);
  }
  return found.size;
}
