import { join } from 'node:path';
import { parquetWriteFile } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/base/random.ts';
import { compareFiles } from '../../../src/pipeline/compare/compare-files.ts';
import { temporaryDirectory, temporaryFile } from '../../ingest/files/temporary-file.ts';
import {
  categories,
  compareTables,
  compareThese,
  csvFile,
  csvOf,
  featureOf,
  NOTHING_NAMED,
  ndjsonOf,
  normals,
  repeated,
  type Table,
} from './tables.ts';

const N = 600;
const still: readonly [string, readonly unknown[]] = ['still', normals(1, N)];
const stillToo: readonly [string, readonly unknown[]] = ['still', normals(2, N)];

describe('two tables', () => {
  it('give what moved, most first, and leave the rest alone', async () => {
    const comparison = await compareTables(
      [still, ['moved', normals(3, N)], ['mix', categories(4, N, ['a', 'b', 'c'])]],
      [stillToo, ['moved', normals(5, N, 1)], ['mix', categories(6, N, ['a', 'b', 'b', 'b', 'c'])]],
    );
    expect(comparison.features.map(({ name, drifted }) => [name, drifted])).toEqual([
      ['moved', true],
      ['mix', true],
      ['still', false],
    ]);
    expect(comparison.reference.rows).toBe(N);
    expect(featureOf(comparison, 'moved')).toMatchObject({
      kind: 'numeric',
      role: 'feature',
      status: 'ok',
      reason: null,
      n: N,
      baselineN: N,
      alerts: ['FeatureDrift'],
      change: expect.stringMatching(/^median -?0\.\d+ -> [01]\.\d+, 95th percentile/),
    });
    expect(featureOf(comparison, 'mix').kind).toBe('categorical');
  });

  it('give the same whatever the format', async () => {
    const reference: Table = [
      ['x', normals(1, N)],
      ['c', categories(2, N, ['a', 'b'])],
      ['flag', repeated(true, N)],
    ];
    const current: Table = [
      ['x', normals(3, N)],
      ['c', categories(4, N, ['a', 'b'])],
      ['flag', repeated(false, N)],
    ];
    const parquet = (table: Table): string => {
      const filename = join(temporaryDirectory(), 'table.parquet');
      parquetWriteFile({
        filename,
        columnData: table.map(([name, data]) => ({ name, data: [...data] })),
      });
      return filename;
    };
    const files = (table: Table): string[] => [
      csvFile(table),
      temporaryFile('table.csv.gz', csvOf(table)),
      temporaryFile('table.ndjson', ndjsonOf(table)),
      temporaryFile('table.jsonl.gz', ndjsonOf(table)),
      parquet(table),
    ];
    const [first, ...others] = await Promise.all(
      files(reference).map((file, i) => compareThese(file, files(current).at(-1 - i) as string)),
    );
    expect(first?.features.map(({ name }) => name)).toEqual(['flag', 'x', 'c']);
    for (const { features } of others) expect(features).toEqual(first?.features);
  });

  it('may lie in several files each', async () => {
    const parts = (seed: number): string[] => [
      csvFile([['x', normals(seed, 300)]]),
      csvFile([['x', normals(seed + 1, 300)]]),
    ];
    const progress: number[] = [];
    const comparison = await compareFiles(
      {
        reference: parts(1),
        current: parts(3),
        columns: NOTHING_NAMED,
        performance: {},
        rules: [],
      },
      { signal: new AbortController().signal, onProgress: (done, total) => progress.push(done / total) },
    );
    expect(comparison).toMatchObject({ reference: { rows: 600 }, current: { rows: 600 } });
    expect(comparison.reference.file).toMatch(/table\.csv, .*table\.csv$/);
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
    expect(progress.at(-1)).toBe(1);
  });

  it('that cannot be drawn apart give no alarm', async () => {
    const table = (seed: number): Table =>
      Array.from({ length: 20 }, (_, i) => [`f${i}`, normals(seed + i, 200)] as const);
    const { features, multivariate } = await compareTables(table(100), table(200));
    expect([...features, multivariate].filter((feature) => feature?.drifted)).toEqual([]);
  });

  it('are compared together, too, where features are numbers', async () => {
    const [a, b, random] = [normals(1, N), normals(2, N), seededRandom(3)];
    const near = (values: readonly number[]): number[] => values.map((value) => value + random() / 10);
    const { features, multivariate } = await compareTables(
      [
        ['a', a],
        ['b', near(a)],
      ],
      [
        ['a', b],
        ['b', near(normals(4, N))],
      ],
    );
    expect(features.map(({ drifted }) => drifted)).toEqual([false, false]);
    expect(multivariate).toMatchObject({ name: '__multivariate__', role: 'multivariate', drifted: true });
  });
});

describe('what is wrong', () => {
  const good = (): string => csvFile([still]);

  it.each([
    ['empty', 'e.csv', '', /e\.csv:1: the file is empty/],
    ['a header without rows', 'h.csv', 'a,b\n', /h\.csv: there are no rows/],
    ['no rows of NDJSON', 'n.ndjson', '\n', /n\.ndjson: there are no rows/],
    ['a row with too few cells', 's.csv', 'a,b\n1,2\n3\n', /s\.csv:3: /],
    ['two columns of one name', 'd.csv', 'a,b,a\n1,2,3\n', /d\.csv:1: two columns are called "a"/],
  ])('is told with the file: %s', async (_, name, content, message) => {
    const bad = temporaryFile(name, content);
    await expect(compareThese(bad, good())).rejects.toThrow(message);
    await expect(compareThese(bad, good())).rejects.toMatchObject({ code: 'input' });
    await expect(compareThese(good(), bad)).rejects.toThrow(message);
  });

  it('is told with the nearest column where there is none of a name', async () => {
    const file = csvFile([still, ['target', normals(1, N)]]);
    await expect(compareThese(file, file, { label: 'tarjet' })).rejects.toThrow(
      /^--label: .*table\.csv has no column "tarjet"; did you mean "target"\?$/,
    );
    const lines = temporaryFile('t.ndjson', ndjsonOf([still]));
    await expect(compareThese(lines, file, { ignore: ['stil'] })).rejects.toThrow(/did you mean "still"\?$/);
    await expect(compareThese(file, lines, { score: 'target' })).rejects.toThrow(
      /^--score: .*t\.ndjson has no column "target"; the columns are still$/,
    );
  });

  it('stops when it is told to', async () => {
    const stop = new AbortController();
    stop.abort(new Error('enough'));
    const request = {
      reference: [good()],
      current: [good()],
      columns: NOTHING_NAMED,
      performance: {},
      rules: [],
    };
    await expect(compareFiles(request, { signal: stop.signal, onProgress: () => undefined })).rejects.toThrow(
      'enough',
    );
  });
});
