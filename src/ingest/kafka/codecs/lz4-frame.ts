import { MAX_UNPACKED } from './max-unpacked.ts';

const MAGIC = 0x184d2204;
const UNCOMPRESSED = 0x8000_0000;

/**
 * Unpacks one LZ4 frame as Kafka's clients write it: blocks that depend on one another or not, with or without checksums,
 * which are passed over (the batch around it has a checksum of its own).
 *
 * Reference: LZ4 Frame Format 1.6.3 and LZ4 Block Format.
 *
 * @throws Error when the bytes are no such frame.
 */
export function unpackLz4Frame(packed: Buffer): Buffer {
  if (packed.length < 7 || packed.readUInt32LE(0) !== MAGIC) throw new Error('not an LZ4 frame');
  const flags = packed.readUInt8(4);
  if (flags >> 6 !== 1) throw new Error(`LZ4 frames of version ${flags >> 6} are unknown`);
  const hasBlockChecksums = (flags & 0x10) !== 0;
  const hasContentSize = (flags & 0x08) !== 0;
  const hasDictionary = (flags & 0x01) !== 0;
  if (hasDictionary) throw new Error('LZ4 frames with a dictionary cannot be read');
  const output = new Output(hasContentSize ? Number(packed.readBigUInt64LE(6)) : packed.length * 4);
  // Magic, flags, block size, content size, header checksum.
  let position = 6 + (hasContentSize ? 8 : 0) + 1;
  for (;;) {
    const header = packed.readUInt32LE(position);
    position += 4;
    if (header === 0) return output.bytes();
    const length = header % UNCOMPRESSED;
    const block = packed.subarray(position, position + length);
    if (block.length !== length) throw new Error('the LZ4 frame ends too early');
    if (header >= UNCOMPRESSED) output.append(block, 0, length);
    else unpackBlock(block, output);
    position += length + (hasBlockChecksums ? 4 : 0);
  }
}

/** A sequence is a run of literals and a copy of what was unpacked before; the last one has literals only. */
function unpackBlock(block: Buffer, output: Output): void {
  let i = 0;
  const lengthFrom = (nibble: number): number => {
    let length = nibble;
    if (nibble < 15) return length;
    for (;;) {
      const byte = block[i];
      if (byte === undefined) throw new Error('the LZ4 block ends too early');
      i += 1;
      length += byte;
      if (byte < 255) return length;
    }
  };
  while (i < block.length) {
    const token = block[i] as number;
    i += 1;
    const literals = lengthFrom(token >> 4);
    if (i + literals > block.length) throw new Error('the LZ4 block ends too early');
    output.append(block, i, i + literals);
    i += literals;
    if (i === block.length) return;
    const offset = block.readUInt16LE(i);
    i += 2;
    output.copy(offset, lengthFrom(token & 15) + 4);
  }
}

/** Bytes that grow at the end, and can be copied from before it. */
class Output {
  #buffer: Buffer;
  #length = 0;

  constructor(expected: number) {
    this.#buffer = Buffer.allocUnsafe(Math.min(Math.max(expected, 1024), MAX_UNPACKED));
  }

  append(source: Buffer, from: number, to: number): void {
    this.#reserve(to - from);
    source.copy(this.#buffer, this.#length, from, to);
    this.#length += to - from;
  }

  /** The copy may reach into itself: an offset of 1 repeats one byte. */
  copy(offset: number, count: number): void {
    if (offset === 0 || offset > this.#length) throw new Error(`an LZ4 block reaches back ${offset} bytes`);
    this.#reserve(count);
    const buffer = this.#buffer;
    const end = this.#length + count;
    if (offset >= count)
      buffer.copyWithin(this.#length, this.#length - offset, this.#length - offset + count);
    else for (let to = this.#length; to < end; to += 1) buffer[to] = buffer[to - offset] as number;
    this.#length = end;
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#buffer.length) return;
    if (needed > MAX_UNPACKED) throw new Error(`an LZ4 frame unpacks to more than ${MAX_UNPACKED} bytes`);
    const larger = Buffer.allocUnsafe(Math.min(MAX_UNPACKED, Math.max(needed, 2 * this.#buffer.length)));
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
  }

  bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }
}
