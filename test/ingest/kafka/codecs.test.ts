import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unpackLz4Frame } from '../../../src/ingest/kafka/codecs/lz4-frame.ts';
import { unpackSnappy } from '../../../src/ingest/kafka/codecs/snappy.ts';
import { unpackZstd } from '../../../src/ingest/kafka/codecs/zstd.ts';

/** An LZ4 frame around one block, with independent blocks and no checksums. */
function frame(block: readonly number[], packed = true): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt32LE(packed ? block.length : (block.length | 0x8000_0000) >>> 0);
  return Buffer.concat([
    Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82]),
    size,
    Buffer.from(block),
    Buffer.alloc(4),
  ]);
}

const bytes = (text: string): number[] => [...Buffer.from(text)];

describe('unpackLz4Frame', () => {
  it('repeats what came before, also into itself', () => {
    // "abc", then 9 bytes from 3 back, then "!".
    const block = [0x35, ...bytes('abc'), 3, 0, 0x10, ...bytes('!')];
    expect(String(unpackLz4Frame(frame(block)))).toBe('abcabcabcabc!');
  });

  it('reads lengths that go on in further bytes', () => {
    const text = 'x'.repeat(300);
    expect(String(unpackLz4Frame(frame([0xf0, 255, 30, ...bytes(text)])))).toBe(text);
    expect(String(unpackLz4Frame(frame([0x1f, 0x61, 1, 0, 255, 26, 0x10, 0x62])))).toBe(
      `${'a'.repeat(301)}b`,
    );
  });

  it('takes blocks that are not packed as they are', () => {
    expect(String(unpackLz4Frame(frame(bytes('plain'), false)))).toBe('plain');
  });

  it('refuses a copy from before the beginning', () => {
    expect(() => unpackLz4Frame(frame([0x15, 0x61, 9, 0, 0x10, 0x62]))).toThrow('reaches back 9 bytes');
  });
});

describe.each([
  ['LZ4', unpackLz4Frame, [0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82]],
  ['snappy', unpackSnappy, [0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00, 0, 0, 0, 1, 0, 0, 0, 1]],
  ['zstd', unpackZstd, [0x28, 0xb5, 0x2f, 0xfd]],
] as const)('damaged %s', (_, unpack, magic) => {
  it('is an error, or some bytes, and never takes the process down', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.boolean(), (noise, withMagic) => {
        try {
          expect(unpack(Buffer.from([...(withMagic ? magic : []), ...noise]))).toBeInstanceOf(Buffer);
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
        }
      }),
      { numRuns: 500 },
    );
  });
});
