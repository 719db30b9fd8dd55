import zlib from 'node:zlib';
import { decompressZstd } from 'hyparquet-compressors';

/** From Node 22.15 on; its types come with later versions of them. */
const native = (zlib as { readonly zstdDecompressSync?: (packed: Buffer) => Buffer }).zstdDecompressSync;

/**
 * Unpacks zstd, by Node itself where it can and in JavaScript else.
 *
 * @throws Error when the bytes are no zstd frame.
 */
export function unpackZstd(packed: Buffer): Buffer {
  if (native !== undefined) return native(packed);
  const bytes = decompressZstd(packed);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
