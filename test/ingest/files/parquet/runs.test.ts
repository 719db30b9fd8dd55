import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Runs } from '../../../../src/ingest/files/parquet/runs.ts';

type Run = { readonly value: number; readonly count: number } | { readonly packed: readonly number[] };

const width = fc.integer({ min: 1, max: 31 });

function runsOf(bits: number): fc.Arbitrary<Run[]> {
  const value = fc.nat(2 ** bits - 1);
  return fc.array(
    fc.oneof(
      fc.record({ value, count: fc.integer({ min: 1, max: 300 }) }),
      fc
        .array(value, { minLength: 8, maxLength: 64 })
        .map((values) => ({ packed: values.slice(0, values.length - (values.length % 8)) })),
    ),
    { minLength: 1, maxLength: 12 },
  );
}

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)];
}

/** As the format's specification has it. */
function encode(runs: readonly Run[], bits: number): number[] {
  return runs.flatMap((run) => {
    if ('count' in run) {
      const bytes = Array.from({ length: Math.ceil(bits / 8) }, (_, i) => (run.value >>> (8 * i)) & 0xff);
      return [...varint(run.count << 1), ...bytes];
    }
    const bytes: number[] = new Array((run.packed.length * bits) / 8).fill(0);
    for (const [i, value] of run.packed.entries()) {
      for (let bit = 0; bit < bits; bit += 1) {
        const at = i * bits + bit;
        bytes[at >> 3] = (bytes[at >> 3] as number) | (((value >>> bit) & 1) << (at & 7));
      }
    }
    return [...varint(((run.packed.length / 8) << 1) | 1), ...bytes];
  });
}

describe('runs of small numbers', () => {
  it('are read in pieces of any size', () => {
    fc.assert(
      fc.property(
        width.chain((bits) => fc.tuple(fc.constant(bits), runsOf(bits))),
        fc.integer({ min: 1, max: 100 }),
        fc.nat(3),
        ([bits, runs], piece, before) => {
          const encoded = encode(runs, bits);
          const bytes = Uint8Array.from([...new Array(before).fill(0xff), ...encoded]);
          const values = runs.flatMap((run) =>
            'count' in run ? new Array<number>(run.count).fill(run.value) : [...run.packed],
          );
          const reader = new Runs(bytes, before, bytes.length, bits);
          const read: number[] = [];
          const target = new Int32Array(piece);
          while (read.length < values.length) {
            const count = Math.min(piece, values.length - read.length);
            reader.read(target, count);
            read.push(...target.subarray(0, count));
          }
          expect(read).toEqual(values);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('are passed over when they are long enough and of that value', () => {
    const bytes = Uint8Array.from(encode([{ value: 1, count: 10 }, { packed: [1, 1, 1, 1, 1, 1, 1, 0] }], 1));
    const reader = new Runs(bytes, 0, bytes.length, 1);
    expect([reader.skipRun(0, 4), reader.skipRun(1, 11), reader.skipRun(1, 4), reader.skipRun(1, 6)]).toEqual(
      [false, false, true, true],
    );
    expect(reader.skipRun(1, 2)).toBe(false);
    const rest = new Int32Array(8);
    reader.read(rest, 8);
    expect([...rest]).toEqual([1, 1, 1, 1, 1, 1, 1, 0]);
  });

  it('of no bits are all zero, and a page that ends too early is an error', () => {
    const target = new Int32Array(5).fill(9);
    new Runs(new Uint8Array(0), 0, 0, 0).read(target, 5);
    expect([...target]).toEqual([0, 0, 0, 0, 0]);
    expect(() => new Runs(Uint8Array.of(4, 1), 0, 2, 1).read(target, 5)).toThrow('ends before its values do');
  });
});
