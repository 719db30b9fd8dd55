import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openColumns } from '../../../src/ingest/files/open-columns.ts';
import { readColumns } from './read-columns.ts';
import { temporaryDirectory, temporaryFile } from './temporary-file.ts';

describe('opening a file by column', () => {
  it.each(['none.csv', 'none.ndjson.gz', 'none.parquet'])(
    'that is not there is an input error: %s',
    async (name) => {
      await expect(openColumns(join(temporaryDirectory(), name))).rejects.toMatchObject({
        code: 'input',
        message: expect.stringMatching(/none\.\S+: there is no such file$/),
      });
    },
  );

  it.each(['folder.csv', 'folder.parquet', 'folder.ndjson'])(
    'that is a directory is an input error: %s',
    async (name) => {
      const directory = join(temporaryDirectory(), name);
      mkdirSync(directory);
      await expect(openColumns(directory)).rejects.toMatchObject({
        code: 'input',
        message: expect.stringContaining('is a directory; name the files in it'),
      });
    },
  );

  it('with an unknown extension is an input error', async () => {
    await expect(openColumns(temporaryFile('a.xlsx', 'x'))).rejects.toMatchObject({ code: 'input' });
  });

  it('that is called .gz and is not packed, or is cut off, is an input error', async () => {
    const directory = temporaryDirectory();
    const plain = join(directory, 'plain.csv.gz');
    writeFileSync(plain, 'a,b\n1,2\n');
    const rows = Array.from({ length: 50_000 }, (_, i) => `${Math.sin(i)},x\n`).join('');
    const cutCsv = join(directory, 'cut.csv.gz');
    writeFileSync(cutCsv, gzipSync(`a,b\n${rows}`).subarray(0, -20));
    const cut = join(directory, 'cut.ndjson.gz');
    writeFileSync(cut, gzipSync(`{"a":${Math.PI}}\n`.repeat(1_000)).subarray(0, -20));
    for (const file of [plain, cut, cutCsv]) {
      await expect(readColumns(file)).rejects.toMatchObject({
        code: 'input',
        message: expect.stringContaining('the gzip data is damaged or cut off'),
      });
    }
  });
});
