import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ByteFile } from '../../../../src/ingest/files/byte-file.ts';
import { csvFile } from '../../../../src/ingest/files/csv/csv-file.ts';
import type { Delimiter } from '../../../../src/ingest/files/csv-header.ts';
import { csvRows } from '../../../../src/ingest/files/csv-rows.ts';
import { openColumns } from '../../../../src/ingest/files/open-columns.ts';
import type { RowOptions } from '../../../../src/ingest/files/row.ts';
import { collect } from '../read-all.ts';
import { readBatches, readColumns } from '../read-columns.ts';
import { temporaryFile } from '../temporary-file.ts';

const KINDS = ['numeric', 'boolean', 'categorical'] as const;

const numberCell = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.integer().map(String),
  fc.constantFrom('0', '-0', '1.', '.5', '1e3', ' 7 ', '+2', '007', '1e999', '9007199254740993', '', ' '),
  fc.constantFrom('NA', 'n/a', ' NaN '),
);
const textCell = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    'a',
    'b',
    'ä',
    '日本',
    'a,b',
    'a;b',
    'say "hi"',
    '"',
    'two\nlines',
    'two\r\nlines',
  ),
  fc.constantFrom('\r', 'x\ry', ' padded ', 'true', '2026-01-01', '-', '1.5.2', '\u00a0', '\t', '\n'),
  fc.string({ maxLength: 6 }),
);
const booleanCell = fc.constantFrom('true', 'false', 'TRUE', ' False ', 'yes', '', 'None');

interface Table {
  readonly kinds: ReadonlyArray<(typeof KINDS)[number]>;
  readonly rows: ReadonlyArray<readonly string[]>;
}

/** Columns whose cells are mostly, but not always, of one kind. */
const tables: fc.Arbitrary<Table> = fc
  .array(fc.constantFrom(...KINDS), { minLength: 1, maxLength: 6 })
  .chain((kinds) => {
    const cells = kinds.map((kind) =>
      fc.oneof(
        {
          weight: 20,
          arbitrary: kind === 'numeric' ? numberCell : kind === 'boolean' ? booleanCell : textCell,
        },
        { weight: 1, arbitrary: textCell },
      ),
    );
    return fc.record({ kinds: fc.constant(kinds), rows: fc.array(fc.tuple(...cells), { maxLength: 40 }) });
  });

/** As different writers write them. */
const styles = fc.record({
  delimiter: fc.constantFrom(',', ';', '\t'),
  end: fc.constantFrom('\n', '\r\n'),
  quoteAll: fc.boolean(),
  bom: fc.boolean(),
  lastEnd: fc.boolean(),
  index: fc.boolean(),
});

function csvOf(
  { kinds, rows }: Table,
  style: typeof styles extends fc.Arbitrary<infer S> ? S : never,
): string {
  const quoted = (cell: string): string =>
    style.quoteAll || /[",;\t\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
  const index = (cells: readonly string[], first: string): readonly string[] =>
    style.index ? [first, ...cells] : cells;
  const header = index(
    kinds.map((_, i) => `c${i}`),
    '',
  );
  const lines = [header, ...rows.map((row, i) => index(row, String(i)))].map((cells) =>
    cells.map(quoted).join(style.delimiter),
  );
  return (style.bom ? '\uFEFF' : '') + lines.join(style.end) + (style.lastEnd ? style.end : '');
}

/** A file whose bytes come in pieces of such a size. */
function bytesOf(content: string | Buffer, pieceBytes: number): ByteFile {
  const bytes = Buffer.from(content);
  return {
    file: 'memory.csv',
    async *chunks() {
      for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
    },
    progress: () => ({ done: bytes.length, total: bytes.length }),
  };
}

/** What the row reader makes of the same bytes: text that does not fit a column of numbers is null here. */
async function expectSameAsRows(
  bytes: ByteFile,
  delimiter: Delimiter | undefined,
  options: RowOptions,
): Promise<void> {
  const wanted = await csvRows(bytes, delimiter, options);
  const inferred = await csvFile(bytes, delimiter, options);
  expect(inferred.columns).toEqual(wanted.columns);
  const kinds = wanted.kinds ?? new Map();
  expect([...inferred.kinds].map(([name, kind]) => [name, kind === 'time' ? 'categorical' : kind])).toEqual([
    ...kinds,
  ]);
  const read = await readBatches(await csvFile(bytes, delimiter, { ...options, kinds }));
  const wantedRows = (await collect(wanted.rows)).map(({ values }) =>
    Object.fromEntries(
      Object.entries(values).map(([name, value]) => {
        if (value === null) return [name, null];
        if (kinds.get(name) === 'numeric') return [name, typeof value === 'number' ? value : null];
        return [name, String(value)];
      }),
    ),
  );
  expect(read.rows.map((row) => ({ ...row }))).toEqual(wantedRows);
}

describe('a CSV file read by column', () => {
  it('has the same values and kinds as read by row, however it is written and cut into pieces', async () => {
    await fc.assert(
      fc.asyncProperty(
        tables,
        styles,
        fc.oneof(fc.nat(40), fc.constant(10_000)),
        fc.oneof(fc.integer({ min: 1, max: 20 }), fc.constant(100_000)),
        async (table, style, sampleRows, pieceBytes) => {
          const bytes = bytesOf(csvOf(table, style), pieceBytes);
          // Its header may not tell, and a line with one odd cell may be blank.
          await expectSameAsRows(bytes, style.delimiter, { sampleRows });
        },
      ),
      { numRuns: 150 },
    );
  });

  it('takes words for no value as missing where all else is a number, and as words elsewhere', async () => {
    const text = 'amount,country,paid,at\nNA,NA,null,2026-01-01\n1.5,DE,true,NA\nnan,FR,false,2026-01-02\n';
    const file = await csvFile(bytesOf(text, 7), ',', { sampleRows: 10 });
    expect([...file.kinds]).toEqual([
      ['amount', 'numeric'],
      ['country', 'categorical'],
      ['paid', 'boolean'],
      ['at', 'categorical'],
    ]);
    const { rows } = await readBatches(await csvFile(bytesOf(text, 7), ',', { sampleRows: 10 }));
    expect(rows.map((row) => ({ ...row }))).toEqual([
      { amount: null, country: 'NA', paid: null, at: '2026-01-01' },
      { amount: 1.5, country: 'DE', paid: 'true', at: 'NA' },
      { amount: null, country: 'FR', paid: 'false', at: '2026-01-02' },
    ]);
  });

  it('has the same values when rows, quotes and characters lie across the pieces in which it is read', async () => {
    const cells = ['"a ""quoted"" cell"', '"two\r\nlines"', 'ä日本', '1.25', '"1.25"', '', 'x'.repeat(5_000)];
    const lines = ['a,b,c'];
    for (let i = 0; i < 5_000; i += 1) {
      const text = cells[(i * 7) % cells.length];
      lines.push(`${i},${i % 20 === 0 ? text : cells[(i * 5) % 4]},${i % 3 === 0 ? 'true' : '"FALSE"'}`);
    }
    for (const pieceBytes of [1_001, 65_536]) {
      await expectSameAsRows(bytesOf(`${lines.join('\r\n')}\r\n`, pieceBytes), undefined, {});
    }
  });

  it('may be packed', async () => {
    const { rows } = await readColumns(temporaryFile('a.tsv.gz', 'a,b\tc\n1\tx\n2\ty'));
    expect(rows.map((row) => ({ ...row }))).toEqual([
      { 'a,b': 1, c: 'x' },
      { 'a,b': 2, c: 'y' },
    ]);
  });

  it('has batches that begin at lines, in the order of the file', async () => {
    const text = `x,y\n${'1,"a\nb"\n\n'.repeat(20_000)}`;
    const { rows, firstLines } = await readColumns(temporaryFile('a.csv', text));
    expect(rows).toHaveLength(20_000);
    expect(firstLines).toEqual([2, 2 + 3 * 8192, 2 + 3 * 2 * 8192]);
  });

  it('counts what is missing and what does not fit, and shows the first of it', async () => {
    const file = temporaryFile(
      'a.csv',
      'x,day\n1,2026-01-02\n,\n oops ,soon\n?,2026-02-30\n 2 , 2026-01-03 \n',
    );
    const opened = await openColumns(file, { sampleRows: 2 });
    expect([...opened.kinds]).toEqual([
      ['x', 'numeric'],
      ['day', 'time'],
    ]);
    for await (const { columns } of opened.batches()) {
      expect(columns.get('x')).toMatchObject({ missing: 1, invalid: 2, invalidExample: ' oops ' });
      expect(columns.get('day')).toMatchObject({ missing: 1, invalid: 2, invalidExample: 'soon' });
    }
    expect((await readColumns(file, { sampleRows: 2 })).rows.map((row) => [row['x'], row['day']])).toEqual([
      [1, Date.UTC(2026, 0, 2)],
      [null, null],
      [null, null],
      [null, null],
      [2, Date.UTC(2026, 0, 3)],
    ]);
  });

  it('takes the kinds that it is told', async () => {
    const file = temporaryFile('a.csv', 'x,day,flag\n1,2026-01-02,TRUE\n2,2026-01-03,maybe\n');
    const kinds = new Map([
      ['x', 'categorical'],
      ['day', 'categorical'],
      ['flag', 'boolean'],
    ] as const);
    expect((await readColumns(file, { kinds })).rows.map((row) => ({ ...row }))).toEqual([
      { x: '1', day: '2026-01-02', flag: 'true' },
      { x: '2', day: '2026-01-03', flag: 'maybe' },
    ]);
  });

  it('has no batches when only its header is there', async () => {
    for (const text of ['a,b', 'a,b\n', '\uFEFFa,b\r\n\r\n']) {
      const opened = await openColumns(temporaryFile('a.csv', text));
      expect(opened.columns).toEqual(['a', 'b']);
      expect((await readBatches(opened)).firstLines).toEqual([]);
    }
  });

  it('may have 10 000 columns', async () => {
    const names = Array.from({ length: 10_000 }, (_, i) => `c${i}`);
    const row = (i: number): string => names.map((_, column) => (i * column) % 97).join(',');
    const lines = [names.join(','), ...Array.from({ length: 110 }, (_, i) => row(i))];
    const { rows, firstLines } = await readColumns(temporaryFile('a.csv', lines.join('\n')));
    expect(firstLines).toEqual([2, 106]);
    expect(rows[109]?.['c9999']).toBe((109 * 9_999) % 97);
  });

  it('can be read twice, and left midway', async () => {
    const opened = await openColumns(temporaryFile('a.csv', `x,y\n${'1.5,some text\n'.repeat(50_000)}`));
    for await (const _ of opened.batches()) break;
    expect(opened.progress().done).toBeLessThan(opened.progress().total);
    const { rows } = await readBatches(opened);
    expect(rows).toHaveLength(50_000);
    expect(opened.progress().done).toBe(opened.progress().total);
  });

  it('keeps texts apart that only differ in broken characters, as long as they read differently', async () => {
    const bytes = Buffer.concat([
      Buffer.from('x,y\n'),
      Buffer.from([0xff, 0x2c, 0x31, 0x0a, 0xfe, 0x2c, 0x32]),
    ]);
    const { rows } = await readColumns(temporaryFile('a.csv', bytes));
    expect(rows.map((row) => row['x'])).toEqual(['\uFFFD', '\uFFFD']);
  });
});

describe('a broken CSV file read by column', () => {
  it.each([
    ['a row too short', 'a,b,c\n1,2,3\n1,2\n', ':3: expected 3 cells, found 2'],
    ['a row too long', 'a,b\n"x\r\ny",2\n1,2,3\n', ':4: expected 2 cells, found 3'],
    ['a row too short at its end', 'a,b\n1,2\n1', ':3: expected 2 cells, found 1'],
    ['a row too short beside a row index', ',b\n1\n', ':2: expected 2 cells, found 1'],
    ['a row too long with one column', 'a\n1\n1,2\n', ':3: expected 1 cells, found 2'],
    [
      'a quote left open',
      'a,b\n1,2\n3,"4\n5,6\n',
      ':3: a cell in this row begins with a quote that is never',
    ],
    ['a quote within a cell', 'a,b\n1,2"3\n', ':2: a quote inside a cell'],
    ['a quote within a cell of text', 'a,b\n1,x\n1,x"3\n', ':3: a quote inside a cell'],
    ['text behind a quote', 'a,b\n\n1,"2"3\n', ':3: text behind a closing quote'],
    ['no content', '', ':1: the file is empty'],
    ['UTF-16', Buffer.from('\uFEFFa,b\n1,2\n', 'utf16le'), ':1: the file is UTF-16'],
  ])('with %s is refused with the line', async (_, content, message) => {
    const file = temporaryFile('broken.csv', content);
    await expect(readColumns(file)).rejects.toMatchObject({
      code: 'input',
      message: expect.stringContaining(`broken.csv${message}`),
    });
  });

  it('whose quote runs over megabytes is refused before it fills the memory', async () => {
    const file = temporaryFile('broken.csv', `a,b\n1,"${'x,y\n'.repeat(1_200_000)}`);
    await expect(readColumns(file)).rejects.toMatchObject({
      code: 'input',
      message: expect.stringContaining(':2: the row is longer than'),
    });
  });

  it('of bytes that are no text is an input error', async () => {
    const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, i) => (i * i * 31 + (i >> 3)) & 0xff));
    await expect(readColumns(temporaryFile('noise.csv', bytes))).rejects.toMatchObject({ code: 'input' });
  });
});
