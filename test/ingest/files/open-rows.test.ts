import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openRows } from '../../../src/ingest/files/open-rows.ts';
import { readRows, readValues } from './read-all.ts';
import { temporaryDirectory, temporaryFile } from './temporary-file.ts';

describe('opening a file of rows', () => {
  it.each(['none.csv', 'none.ndjson.gz', 'none.parquet'])(
    'that is not there is an input error: %s',
    async (name) => {
      await expect(openRows(join(temporaryDirectory(), name))).rejects.toMatchObject({
        code: 'input',
        message: expect.stringMatching(/none\.\S+: there is no such file$/),
      });
    },
  );

  it('that is a directory is an input error', async () => {
    const directory = temporaryDirectory();
    await expect(openRows(`${directory}/../${directory.split('/').at(-1)}/.`)).rejects.toMatchObject({
      code: 'input',
    });
  });

  it('with an unknown extension is an input error', async () => {
    await expect(openRows(temporaryFile('a.xlsx', 'x'))).rejects.toMatchObject({ code: 'input' });
  });

  it('that is called .gz and is not packed, or is cut off, is an input error', async () => {
    const directory = temporaryDirectory();
    const plain = join(directory, 'plain.csv.gz');
    writeFileSync(plain, 'a,b\n1,2\n');
    const cut = join(directory, 'cut.ndjson.gz');
    writeFileSync(cut, gzipSync(`{"a":${Math.PI}}\n`.repeat(1_000)).subarray(0, -20));
    for (const file of [plain, cut]) {
      await expect(readRows(file)).rejects.toMatchObject({
        code: 'input',
        message: expect.stringContaining('the gzip data is damaged or cut off'),
      });
    }
  });
});

describe('an NDJSON file', () => {
  it('gives its objects as they are, with their lines', async () => {
    const file = temporaryFile('a.json', '\uFEFF{"a":1,"b":null}\r\n\r\n{"a":"x","c":{"d":[1]}}\n');
    expect(await readRows(file)).toEqual([
      { line: 1, values: { a: 1, b: null } },
      { line: 3, values: { a: 'x', c: { d: [1] } } },
    ]);
  });

  it('may have a key called __proto__', async () => {
    const [values] = await readValues(temporaryFile('a.ndjson', '{"__proto__":{"polluted":true}}\n'));
    expect(Object.keys(values as object)).toEqual(['__proto__']);
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });

  it.each([
    ['{"a":1}\n{"a":\n', ':2: not JSON: '],
    ['{"a":1}\n7\n', ':2: expected a JSON object'],
    ['null\n', ':1: expected a JSON object'],
    ['[{"a":1},{"a":2}]\n', ':1: expected a JSON object; one object must stand on each line'],
    ['[\n{"a":1}\n]\n', ':1: not JSON: '],
    ['{\n  "a": 1\n}\n', 'one object must stand on each line'],
  ])('with %j is refused with the line', async (text, message) => {
    await expect(readRows(temporaryFile('broken.ndjson', text))).rejects.toMatchObject({
      code: 'input',
      message: expect.stringContaining(message),
    });
  });
});
