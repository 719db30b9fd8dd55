import zlib from 'node:zlib';
import { decompressZstd } from 'hyparquet-compressors';
import { MAX_UNPACKED } from './max-unpacked.ts';

/** From Node 22.15 on; its types come with later versions of them. */
const native = (
  zlib as {
    readonly zstdDecompressSync?: (packed: Buffer, options: { maxOutputLength: number }) => Buffer;
  }
).zstdDecompressSync;

/**
 * Unpacks zstd, by Node itself where it can and in JavaScript else.
 *
 * @throws Error when the bytes are no zstd frame.
 */
export function unpackZstd(packed: Buffer): Buffer {
  if (native !== undefined) return native(packed, { maxOutputLength: MAX_UNPACKED });
  const bytes = decompressZstd(packed);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
