import { decompressSnappy } from 'hyparquet-compressors';

/** What the Java client puts before blocks of snappy: a name, a version and the oldest version that can read it. */
const XERIAL = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const XERIAL_HEADER = 16;
/** A copy of 64 bytes takes three bytes at best. A length beyond that is damaged, and must not take all memory. */
const MAX_RATIO = 22;

/**
 * Unpacks snappy as Kafka's clients write it: bare, or in the framing of snappy-java (blocks with their length before them).
 *
 * @throws Error when the bytes are neither.
 */
export function unpackSnappy(packed: Buffer): Buffer {
  if (!packed.subarray(0, XERIAL.length).equals(XERIAL)) return unpackBlock(packed);
  const blocks: Buffer[] = [];
  for (let position = XERIAL_HEADER; position < packed.length; ) {
    const length = packed.readUInt32BE(position);
    const block = packed.subarray(position + 4, position + 4 + length);
    if (block.length !== length) throw new Error('the snappy data ends too early');
    blocks.push(unpackBlock(block));
    position += 4 + length;
  }
  return Buffer.concat(blocks);
}

function unpackBlock(block: Buffer): Buffer {
  const length = unpackedLength(block);
  if (length > MAX_RATIO * block.length)
    throw new Error(`${block.length} bytes of snappy cannot be ${length} bytes`);
  if (length === 0) return Buffer.alloc(0);
  const bytes = decompressSnappy(block, length);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** A block begins with the length of what it unpacks to, seven bits a byte, the lowest first. */
function unpackedLength(block: Buffer): number {
  let length = 0;
  for (let i = 0; i < 5; i += 1) {
    const byte = block[i];
    if (byte === undefined) break;
    length += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return length;
  }
  throw new Error('the snappy data has no length');
}
