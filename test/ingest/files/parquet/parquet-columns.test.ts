import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import type { SchemaElement } from 'hyparquet';
import { type ParquetWriteOptions, parquetWriteFile } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../src/base/random.ts';
import { openColumns } from '../../../../src/ingest/files/open-columns.ts';
import { openRows } from '../../../../src/ingest/files/open-rows.ts';
import { collect } from '../read-all.ts';
import { readBatches, readColumns } from '../read-columns.ts';
import { temporaryDirectory, temporaryFile } from '../temporary-file.ts';

type Columns = ParquetWriteOptions['columnData'];

function parquetFile(columnData: Columns, options: Partial<ParquetWriteOptions> = {}): string {
  const filename = join(temporaryDirectory(), 'data.parquet');
  parquetWriteFile({ filename, columnData, ...options });
  return filename;
}

/** What the row reader makes of the same file, with times as milliseconds and booleans as text. */
async function expectSameAsRows(file: string): Promise<void> {
  const opened = await openColumns(file);
  const { rows } = await readBatches(opened);
  const wanted = (await collect((await openRows(file)).rows)).map(({ values }) =>
    Object.fromEntries(
      Object.entries(values).map(([name, value]) => {
        if (value === null) return [name, null];
        const kind = opened.kinds.get(name);
        if (kind === 'time') return [name, Date.parse(String(value))];
        if (kind === 'categorical' || kind === 'boolean') return [name, String(value)];
        return [name, value];
      }),
    ),
  );
  expect(rows.map((row) => ({ ...row }))).toEqual(wanted);
}

function element(
  name: string,
  type: NonNullable<SchemaElement['type']>,
  rest: Partial<SchemaElement> = {},
): SchemaElement {
  return { name, type, repetition_type: 'OPTIONAL', ...rest };
}

const root = (children: number): SchemaElement => ({ name: 'root', num_children: children });

describe('a Parquet file read by column', () => {
  it('has the same values as read by row, for any types, gaps, sizes of pages and of row groups', async () => {
    const values = {
      DOUBLE: fc.oneof(fc.double({ noDefaultInfinity: true }), fc.constantFrom(1, 2.5, -0)),
      INT32: fc.oneof(fc.integer(), fc.integer({ min: 0, max: 3 })),
      INT64: fc.maxSafeInteger().map(BigInt),
      BOOLEAN: fc.boolean(),
      STRING: fc.oneof(fc.constantFrom('', 'a', 'b', 'ä日本', ' '), fc.string()),
      TIMESTAMP: fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01') }),
      FLOAT: fc.float({ noDefaultInfinity: true }),
    };
    const types = Object.keys(values) as Array<keyof typeof values>;
    const table = fc.tuple(
      fc.integer({ min: 0, max: 120 }),
      fc.array(fc.constantFrom(...types), { minLength: 1 }),
    );
    await fc.assert(
      fc.asyncProperty(
        table.chain(([rows, kinds]) =>
          fc.tuple(
            ...kinds.slice(0, 5).map((type, i) =>
              fc.record({
                name: fc.constant(`c${i}`),
                type: fc.constant(type),
                nullable: fc.constant(true),
                data: fc.array(fc.option(values[type] as fc.Arbitrary<unknown>, { freq: i + 1 }), {
                  minLength: rows,
                  maxLength: rows,
                }),
              }),
            ),
          ),
        ),
        fc.integer({ min: 1, max: 150 }),
        fc.constantFrom(20, 100, 1_000_000),
        async (columnData, rowGroupSize, pageSize) => {
          await expectSameAsRows(parquetFile(columnData, { rowGroupSize, pageSize }));
        },
      ),
      { numRuns: 30 },
    );
  });

  it.each(['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'BROTLI'] as const)('may be packed with %s', async (codec) => {
    const random = seededRandom(1);
    const numbers = Array.from({ length: 5_000 }, () => (random() < 0.1 ? null : random()));
    const texts = numbers.map((x) => (x === null ? null : `category ${Math.floor(x * 300)}`));
    const columnData: Columns = [
      { name: 'x', data: numbers, type: 'DOUBLE', nullable: true },
      { name: 'text', data: texts, type: 'STRING', nullable: true },
      { name: 'id', data: numbers.map((_, i) => `id ${i}`), type: 'STRING' },
    ];
    const compressors = {
      GZIP: (bytes: Uint8Array) => gzipSync(bytes),
      BROTLI: (bytes: Uint8Array) => brotliCompressSync(bytes),
    };
    await expectSameAsRows(parquetFile(columnData, { codec, compressors, rowGroupSize: 2_001 }));
  });

  it.each([
    ['DELTA_BINARY_PACKED', 'INT32', (i: number) => i * i],
    ['DELTA_BINARY_PACKED', 'INT64', (i: number) => BigInt(i) * 1_000_003n],
    ['BYTE_STREAM_SPLIT', 'DOUBLE', (i: number) => Math.sin(i)],
    ['BYTE_STREAM_SPLIT', 'FLOAT', (i: number) => i / 4],
    ['DELTA_LENGTH_BYTE_ARRAY', 'STRING', (i: number) => `text ${i % 50}`],
    ['DELTA_BYTE_ARRAY', 'STRING', (i: number) => `text ${i}`],
    ['RLE', 'BOOLEAN', (i: number) => i % 7 < 3],
    ['RLE_DICTIONARY', 'DOUBLE', (i: number) => (i % 300) / 8],
    ['PLAIN', 'BOOLEAN', (i: number) => i % 5 === 0],
  ] as const)('may have the encoding %s, of %s', async (encoding, type, valueAt) => {
    const data = Array.from({ length: 3_000 }, (_, i) => (i % 11 === 0 ? null : valueAt(i)));
    const columnData: Columns = [
      { name: 'x', data, type, encoding, nullable: true },
      { name: 'y', data: data.map((value, i) => value ?? valueAt(i)), type, encoding },
    ];
    await expectSameAsRows(parquetFile(columnData, { pageSize: 2_000 }));
  });

  it('knows dates, instants, decimals, ids and whole numbers of every width', async () => {
    const uuid = '01234567-89ab-cdef-0123-456789abcdef';
    const file = parquetFile(
      [
        { name: 'day', data: [new Date('2026-03-02'), null] },
        { name: 'micros', data: [1_772_445_600_123_456n, null] },
        { name: 'nanos', data: [1_772_445_600_123_999_999n, -1n] },
        { name: 'cents', data: [0.3, -12.34] },
        { name: 'wide', data: [1.1, null] },
        { name: 'unsigned', data: [4_000_000_000, 7] },
        { name: 'uuid', data: [uuid, null] },
        { name: 'half', data: [1.5, -0.25] },
      ],
      {
        schema: [
          root(8),
          element('day', 'INT32', { converted_type: 'DATE' }),
          element('micros', 'INT64', { converted_type: 'TIMESTAMP_MICROS' }),
          element('nanos', 'INT64', {
            logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'NANOS' },
          }),
          element('cents', 'INT32', { converted_type: 'DECIMAL', scale: 2, precision: 9 }),
          element('wide', 'FIXED_LEN_BYTE_ARRAY', {
            type_length: 16,
            converted_type: 'DECIMAL',
            scale: 1,
            precision: 30,
          }),
          element('unsigned', 'INT32', { converted_type: 'UINT_32' }),
          element('uuid', 'FIXED_LEN_BYTE_ARRAY', { type_length: 16, logical_type: { type: 'UUID' } }),
          element('half', 'FIXED_LEN_BYTE_ARRAY', { type_length: 2, logical_type: { type: 'FLOAT16' } }),
        ],
      },
    );
    const opened = await openColumns(file);
    expect([...opened.kinds]).toEqual([
      ['day', 'time'],
      ['micros', 'time'],
      ['nanos', 'time'],
      ['cents', 'numeric'],
      ['wide', 'numeric'],
      ['unsigned', 'numeric'],
      ['uuid', 'categorical'],
      ['half', 'numeric'],
    ]);
    const at = Date.UTC(2026, 2, 2, 10, 0, 0, 123);
    expect((await readBatches(opened)).rows.map((row) => ({ ...row }))).toEqual([
      {
        day: Date.UTC(2026, 2, 2),
        micros: at,
        nanos: at,
        cents: 0.3,
        wide: 1.1,
        unsigned: 4_000_000_000,
        uuid,
        half: 1.5,
      },
      {
        day: null,
        micros: null,
        nanos: -1,
        cents: -12.34,
        wide: null,
        unsigned: 7,
        uuid: null,
        half: -0.25,
      },
    ]);
  });

  it('takes whole numbers beyond 2^53 for ids, which are categories', async () => {
    const ids = [2n ** 53n + 1n, -(2n ** 60n), 7n];
    const file = parquetFile([{ name: 'id', data: ids, type: 'INT64' }]);
    const opened = await openColumns(file);
    expect(opened.kinds.get('id')).toBe('categorical');
    expect((await readBatches(opened)).rows.map((row) => row['id'])).toEqual(ids.map(String));
  });

  it('counts as invalid what is no finite number, and NaN as missing', async () => {
    const data = [1, Number.POSITIVE_INFINITY, Number.NaN, null, Number.NEGATIVE_INFINITY];
    const file = parquetFile([
      { name: 'x', data, type: 'DOUBLE', nullable: true },
      { name: 'n', data: [1n, 2n ** 60n, 3n, null, 5n], type: 'INT64', nullable: true, statistics: false },
    ]);
    for await (const { columns } of (await openColumns(file)).batches()) {
      expect(columns.get('x')).toMatchObject({ missing: 2, invalid: 2, invalidExample: 'Infinity' });
      expect(columns.get('n')).toMatchObject({
        missing: 1,
        invalid: 1,
        invalidExample: 'a whole number beyond 2^53',
      });
    }
  });

  it('reads text as time when all of the first rows are times, or when it is told to', async () => {
    const file = parquetFile([
      { name: 'a', data: ['2026-03-02', '2026-03-03 10:00:00', null], type: 'STRING', nullable: true },
      { name: 'b', data: ['2026-03-02', 'soon', ''], type: 'STRING' },
    ]);
    expect([...(await openColumns(file)).kinds.values()]).toEqual(['time', 'categorical']);
    const times = new Map([
      ['a', 'categorical'],
      ['b', 'time'],
    ] as const);
    const { rows, invalid } = await readColumns(file, { kinds: times });
    expect(rows.map((row) => row['a'])).toEqual(['2026-03-02', '2026-03-03 10:00:00', null]);
    expect(rows.map((row) => row['b'])).toEqual([Date.UTC(2026, 2, 2), null, null]);
    expect(invalid).toEqual({ b: 2 });
  });

  it('gives lists of numbers row by row, wherever pages end', async () => {
    const random = seededRandom(7);
    const data = Array.from({ length: 2_000 }, (_, i) => {
      if (i % 13 === 0) return null;
      return Array.from({ length: Math.floor(random() * 9) }, () => (random() < 0.1 ? null : random()));
    });
    const schema: SchemaElement[] = [
      root(1),
      { name: 'e', repetition_type: 'OPTIONAL', num_children: 1, converted_type: 'LIST' },
      { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
      { name: 'element', type: 'DOUBLE', repetition_type: 'OPTIONAL' },
    ];
    for (const options of [{}, { pageSize: 333, rowGroupSize: 901 }]) {
      const file = parquetFile([{ name: 'e', data }], { schema, ...options });
      const { rows, types } = await readColumns(file);
      expect(rows.map((row) => row['e'])).toEqual(data);
      expect([...(types['e'] ?? [])]).toEqual(['values']);
      await expectSameAsRows(file);
    }
  });

  it('gives lists of texts, structures and JSON as they are', async () => {
    const file = parquetFile(
      [
        { name: 'tags', data: [['a', 'b'], [], null] },
        { name: 'point', data: [{ x: 1, y: 'q' }, null, { x: 3, y: null }] },
        { name: 'json', data: [{ k: [1] }, 2, null] },
      ],
      {
        rowGroupSize: 2,
        schema: [
          root(3),
          { name: 'tags', repetition_type: 'OPTIONAL', num_children: 1, converted_type: 'LIST' },
          { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
          element('element', 'BYTE_ARRAY', { converted_type: 'UTF8' }),
          { name: 'point', repetition_type: 'OPTIONAL', num_children: 2 },
          element('x', 'INT32'),
          element('y', 'BYTE_ARRAY', { converted_type: 'UTF8' }),
          element('json', 'BYTE_ARRAY', { converted_type: 'JSON' }),
        ],
      },
    );
    const opened = await openColumns(file);
    expect(opened.kinds.size).toBe(0);
    expect(opened.columns).toEqual(['tags', 'point', 'json']);
    await expectSameAsRows(file);
  });

  it('comes in batches that know their rows, as often as one likes', async () => {
    const data = Array.from({ length: 20_000 }, (_, i) => i);
    const opened = await openColumns(
      parquetFile([{ name: 'x', data, type: 'INT32' }], { rowGroupSize: 3_000 }),
    );
    for (let pass = 0; pass < 2; pass += 1) {
      const { rows, firstLines } = await readBatches(opened);
      expect(rows.map((row) => row['x'])).toEqual(data);
      expect(firstLines).toEqual([1, 8_193, 16_385]);
      expect(opened.progress().done).toBe(opened.progress().total);
    }
    for await (const _ of opened.batches()) break;
  });

  it('may have many columns', async () => {
    const columnData = Array.from({ length: 1_500 }, (_, i) => ({
      name: `c${i}`,
      data: [i, i + 1, i + 2],
      type: 'INT32' as const,
    }));
    const { rows } = await readColumns(parquetFile(columnData));
    expect(rows[2]?.['c1499']).toBe(1_501);
  });

  it('may be empty, or have no value at all', async () => {
    const empty = await openColumns(parquetFile([{ name: 'x', data: [], type: 'INT32' }]));
    expect(empty.columns).toEqual(['x']);
    expect((await readBatches(empty)).firstLines).toEqual([]);
    const blank = parquetFile([
      { name: 'x', data: [null, null], type: 'DOUBLE', nullable: true },
      { name: 's', data: [null, null], type: 'STRING', nullable: true },
    ]);
    expect((await readColumns(blank)).rows.map((row) => ({ ...row }))).toEqual([
      { x: null, s: null },
      { x: null, s: null },
    ]);
  });
});

describe('a broken Parquet file read by column', () => {
  it('is an input error that says so', async () => {
    const whole = parquetFile([
      { name: 'x', data: Array.from({ length: 5_000 }, (_, i) => Math.sin(i)), type: 'DOUBLE' },
    ]);
    const bytes = readFileSync(whole);
    const damaged = Buffer.from(bytes);
    damaged.fill(0x5a, 4, 4_000);
    for (const content of [
      Buffer.alloc(0),
      Buffer.from('PAR1'),
      Buffer.from('a,b\n1,2\n'),
      bytes.subarray(0, -100),
      damaged,
    ]) {
      await expect(readColumns(temporaryFile('broken.parquet', content))).rejects.toMatchObject({
        code: 'input',
        message: expect.stringContaining('broken.parquet: cannot be read as Parquet'),
      });
    }
  });
});
