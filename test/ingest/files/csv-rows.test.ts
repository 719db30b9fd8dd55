import { describe, expect, it } from 'vitest';
import { openRows } from '../../../src/ingest/files/open-rows.ts';
import { readRows, readValues } from './read-all.ts';
import { temporaryFile } from './temporary-file.ts';

describe('a CSV file', () => {
  it('gives typed cells by column name, and null for empty ones', async () => {
    const file = temporaryFile('a.csv', 'amount,country,is_new\n1.5,DE,true\n,"",false\n-2,"a ""b"", c",\n');
    expect(await readValues(file)).toEqual([
      { amount: 1.5, country: 'DE', is_new: true },
      { amount: null, country: null, is_new: false },
      { amount: -2, country: 'a "b", c', is_new: null },
    ]);
  });

  it.each([
    ['comma', 'a,b;c\n1,x\n', 'a.csv', { a: 1, 'b;c': 'x' }],
    ['semicolon', 'a;"b,c,d,e"\n1;x\n', 'a.csv', { a: 1, 'b,c,d,e': 'x' }],
    ['tab', 'a\tb\n1\t2,5\n', 'a.csv', { a: 1, b: '2,5' }],
    ['tab by its name', 'a,b,c\td\n1\t2\n', 'a.tsv', { 'a,b,c': 1, d: 2 }],
    ['no delimiter at all', 'a\n1\n', 'a.csv', { a: 1 }],
  ])('may have its cells parted by %s', async (_, text, name, row) => {
    expect(await readValues(temporaryFile(name, text))).toEqual([row]);
  });

  it.each([
    ['unix', '\n'],
    ['windows', '\r\n'],
  ])(
    'may end its lines like %s, with a byte order mark, quoted line ends and blank lines',
    async (_, end) => {
      const text = ['\uFEFFname,n', `"two${end}lines",1`, '', 'one,2', ''].join(end);
      expect(await readRows(temporaryFile('a.csv', text))).toEqual([
        { line: 2, values: { name: `two${end}lines`, n: 1 } },
        { line: 5, values: { name: 'one', n: 2 } },
      ]);
    },
  );

  it('may lack a line end at its end, and may be packed', async () => {
    expect(await readValues(temporaryFile('a.csv.gz', 'a,b\n1,2\n3,4'))).toEqual([
      { a: 1, b: 2 },
      { a: 3, b: 4 },
    ]);
  });

  it('may begin with a row index that has no name, which is left out', async () => {
    const opened = await openRows(temporaryFile('a.csv', ',x\n7,1\n8,2\n'));
    expect(opened.columns).toEqual(['x']);
    expect(await readValues(opened.file)).toEqual([{ x: 1 }, { x: 2 }]);
  });

  it('may have columns called __proto__ and constructor', async () => {
    const [values] = await readValues(temporaryFile('a.csv', '__proto__,constructor\n1,2\n'));
    expect(Object.entries(values as object)).toEqual([
      ['__proto__', 1],
      ['constructor', 2],
    ]);
  });

  it('decides the kind of a column once, by its first rows', async () => {
    const opened = await openRows(temporaryFile('a.csv', 'x,y\n1,a\n2,b\noops,3\n'), { sampleRows: 2 });
    expect([...(opened.kinds ?? [])]).toEqual([
      ['x', 'numeric'],
      ['y', 'categorical'],
    ]);
    expect(await readValues(opened.file, { sampleRows: 2 })).toEqual([
      { x: 1, y: 'a' },
      { x: 2, y: 'b' },
      { x: 'oops', y: '3' },
    ]);
  });

  it('takes the kinds that it is told instead', async () => {
    const kinds = new Map([['x', 'categorical'] as const]);
    expect(await readValues(temporaryFile('a.csv', 'x,y\n1,2\n'), { kinds })).toEqual([{ x: '1', y: 2 }]);
  });

  it('can be read twice, and says how far it has come', async () => {
    const text = `x,y\n${'123,some text\n'.repeat(50_000)}`;
    const opened = await openRows(temporaryFile('a.csv', text), { sampleRows: 1 });
    for (let pass = 0; pass < 2; pass += 1) {
      let count = 0;
      for await (const _ of opened.rows) {
        count += 1;
        if (count === 1) expect(opened.progress().done).toBeLessThan(text.length);
      }
      expect(count).toBe(50_000);
      expect(opened.progress()).toEqual({ done: text.length, total: text.length });
    }
  });

  it('can be left midway', async () => {
    const opened = await openRows(temporaryFile('a.csv.gz', `x\n${'1\n'.repeat(500_000)}`));
    for await (const { line } of opened.rows) if (line > 3) break;
    for await (const { line } of opened.rows) {
      expect(line).toBe(2);
      break;
    }
  });
});

describe('a broken CSV file', () => {
  it.each([
    ['a row too short', 'a,b,c\n1,2,3\n1,2\n', ':3: expected 3 cells, found 2'],
    ['a row too long, behind a quoted line end', 'a,b\n"x\r\ny",2\n1,2,3\n', ':4: expected 2 cells, found 3'],
    ['a row too short beside a row index', ',b\n1\n', ':2: expected 2 cells, found 1'],
    [
      'a quote left open',
      'a,b\n1,2\n3,"4\n5,6\n',
      ':3: a cell in this row begins with a quote that is never closed',
    ],
    ['a quote within a cell', 'a,b\n1,2"3\n', ':2: a quote inside a cell'],
    ['text behind a quote', 'a,b\n\n1,"2"3\n', ':3: text behind a closing quote'],
    ['no content', '', ':1: the file is empty'],
    ['only line ends', '\n\n', ':1: the file is empty'],
    ['a nameless column', 'a,,c\n1,2,3\n', ':1: column 2 has no name'],
    ['a name given twice', 'a,b,a\n1,2,3\n', ':1: two columns are called "a"'],
    ['UTF-16', Buffer.from('\uFEFFa,b\n1,2\n', 'utf16le'), ':1: the file is UTF-16'],
  ])('with %s is refused with the line', async (_, content, message) => {
    const file = temporaryFile('broken.csv', content);
    await expect(readRows(file)).rejects.toMatchObject({
      code: 'input',
      message: expect.stringContaining(`broken.csv${message}`),
    });
  });

  it('whose quote runs over megabytes is refused before it fills the memory', async () => {
    const file = temporaryFile('broken.csv', `a,b\n1,"${'x,y\n'.repeat(1_200_000)}`);
    await expect(readRows(file)).rejects.toMatchObject({
      code: 'input',
      message: expect.stringContaining(':2: the row is longer than'),
    });
  });
});
