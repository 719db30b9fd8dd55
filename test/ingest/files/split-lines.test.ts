import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isBlank, splitLines } from '../../../src/ingest/files/split-lines.ts';
import { collect } from './read-all.ts';

async function* chunked(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

describe('lines', () => {
  it('are the same however the bytes are cut into chunks, and lie where their offsets say', async () => {
    const text = fc.array(fc.constantFrom('a', 'bc', '"é"', '\n', '\r\n', '\n\n', ' '), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(text, fc.integer({ min: 1, max: 7 }), async (parts, size) => {
        const bytes = Buffer.from(parts.join(''));
        const lines = await collect(splitLines(chunked(bytes, size), 1_000));
        const expected = bytes.toString().split('\n');
        if (expected.at(-1) === '') expected.pop();
        expect(lines.map((line) => line.bytes.toString())).toEqual(
          expected.map((line) => line.replace(/\r$/, '')),
        );
        for (const [position, line] of lines.entries()) {
          expect(line.line).toBe(position + 1);
          expect(bytes.subarray(line.offset, line.offset + line.bytes.length).equals(line.bytes)).toBe(true);
        }
      }),
    );
  });

  it('beyond the limit are cut, and those behind them are whole', async () => {
    const bytes = Buffer.from(`short\n${'x'.repeat(1_000)}\nafter\n`);
    const lines = await collect(splitLines(chunked(bytes, 64), 10));
    expect(lines.map(({ bytes: kept, cut }) => [kept.toString(), cut])).toEqual([
      ['short', false],
      ['xxxxxxxxxx', true],
      ['after', false],
    ]);
    expect(lines[2]?.offset).toBe(1_007);
  });

  it('begin behind a byte order mark', async () => {
    const lines = await collect(splitLines(chunked(Buffer.from('\uFEFFa\nb'), 2), 10));
    expect(lines.map((line) => [line.bytes.toString(), line.offset])).toEqual([
      ['a', 3],
      ['b', 5],
    ]);
  });

  it('are blank when only spaces are in them', () => {
    expect(isBlank(Buffer.from(' \t\r'))).toBe(true);
    expect(isBlank(Buffer.from(' 0'))).toBe(false);
  });
});
