import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { type ParquetWriteOptions, parquetWriteFile } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { openRows } from '../../../src/ingest/files/open-rows.ts';
import { readRows, readValues } from './read-all.ts';
import { temporaryDirectory, temporaryFile } from './temporary-file.ts';

function parquetFile(options: Omit<ParquetWriteOptions, 'writer'>): string {
  const filename = join(temporaryDirectory(), 'data.parquet');
  parquetWriteFile({ filename, ...options });
  return filename;
}

describe('a Parquet file', () => {
  it('gives its values as JSON would have them', async () => {
    const time = new Date('2026-03-02T10:00:00.123Z');
    const file = parquetFile({
      columnData: [
        { name: 'amount', data: [1.5, null, Number.NaN], type: 'DOUBLE', nullable: true },
        { name: 'count', data: [1n, 2n ** 53n + 1n, -3n], type: 'INT64' },
        { name: 'country', data: ['DE', null, 'BR'], type: 'STRING', nullable: true },
        { name: 'is_new', data: [true, false, true], type: 'BOOLEAN' },
        { name: 'at', data: [time, time, time], type: 'TIMESTAMP' },
      ],
    });
    const at = time.toISOString();
    expect(await readRows(file)).toEqual([
      { line: 1, values: { amount: 1.5, count: 1, country: 'DE', is_new: true, at } },
      { line: 2, values: { amount: null, count: '9007199254740993', country: null, is_new: false, at } },
      { line: 3, values: { amount: null, count: -3, country: 'BR', is_new: true, at } },
    ]);
  });

  it('is read row group by row group, as often as one likes', async () => {
    const data = Array.from({ length: 2_500 }, (_, index) => index);
    const file = parquetFile({ columnData: [{ name: 'x', data, type: 'INT32' }], rowGroupSize: 1_000 });
    const opened = await openRows(file);
    expect(opened.columns).toEqual(['x']);
    for (let pass = 0; pass < 2; pass += 1) {
      const seen: unknown[] = [];
      for await (const { line, values } of opened.rows) {
        seen.push(values['x']);
        if (line === 1_250) expect(opened.progress().done).toBe(Math.round(opened.progress().total / 2));
      }
      expect(seen).toEqual(data);
      expect(opened.progress().done).toBe(opened.progress().total);
    }
  });

  it.each(['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'BROTLI'] as const)('may be packed with %s', async (codec) => {
    const data = Array.from({ length: 500 }, (_, index) => `value ${index % 7}`);
    const file = parquetFile({
      columnData: [{ name: 'x', data, type: 'STRING' }],
      codec,
      ...(codec === 'GZIP' && { compressors: { GZIP: (bytes: Uint8Array) => gzipSync(bytes) } }),
      ...(codec === 'BROTLI' && {
        compressors: { BROTLI: (bytes: Uint8Array) => brotliCompressSync(bytes) },
      }),
    });
    expect(await readValues(file)).toEqual(data.map((x) => ({ x })));
  });

  it('may be empty, and may have a column called __proto__', async () => {
    expect(await readValues(parquetFile({ columnData: [{ name: 'x', data: [], type: 'INT32' }] }))).toEqual(
      [],
    );
    const [values] = await readValues(parquetFile({ columnData: [{ name: '__proto__', data: ['a'] }] }));
    expect(Object.entries(values as object)).toEqual([['__proto__', 'a']]);
  });

  it.each([
    ['nothing', ''],
    ['text', 'a,b\n1,2\n'],
    [
      'a damaged footer',
      Buffer.concat([Buffer.from('PAR1'), Buffer.alloc(40, 7), Buffer.from('\x08\0\0\0PAR1')]),
    ],
  ])('with %s in it is refused', async (_, content) => {
    await expect(readRows(temporaryFile('broken.parquet', content))).rejects.toMatchObject({
      code: 'input',
      message: expect.stringContaining('broken.parquet: cannot be read as Parquet'),
    });
  });
});
