import { describe, expect, it } from 'vitest';
import { temporaryFile } from '../../ingest/files/temporary-file.ts';
import {
  categories,
  compareTables,
  compareThese,
  csvFile,
  featureOf,
  metricOf,
  ndjsonOf,
  normals,
  repeated,
} from './tables.ts';

const N = 600;
const still: readonly [string, readonly unknown[]] = ['still', normals(1, N)];
const stillToo: readonly [string, readonly unknown[]] = ['still', normals(2, N)];

describe('a column', () => {
  it('without any value in either table is no data, and does not stop the others', async () => {
    const comparison = await compareTables(
      [still, ['empty', repeated(null, N)], ['moved', normals(3, N)]],
      [stillToo, ['empty', repeated(null, N)], ['moved', normals(4, N, 2)]],
    );
    expect(featureOf(comparison, 'empty')).toMatchObject({
      status: 'no_data',
      reason: 'neither table has a value in this column',
      drifted: false,
      n: 0,
      picture: undefined,
    });
    expect(featureOf(comparison, 'moved').drifted).toBe(true);
  });

  it('of one value in both tables has not drifted; of another value it has', async () => {
    const same = await compareTables([['c', repeated(7, N)]], [['c', repeated(7, N)]]);
    expect(featureOf(same, 'c')).toMatchObject({ status: 'ok', drifted: false, change: undefined });
    const other = await compareTables([['c', repeated(7, N)]], [['c', repeated(8, N)]]);
    expect(featureOf(other, 'c')).toMatchObject({ status: 'ok', drifted: true });
  });

  it('that is missing in the current table has drifted, with all of its values missing', async () => {
    const comparison = await compareTables([still, ['gone', normals(3, N)]], [stillToo]);
    const gone = featureOf(comparison, 'gone');
    expect(gone).toMatchObject({
      status: 'no_data',
      reason: 'the current table has no such column',
      drifted: true,
      alerts: ['MissingValues'],
      n: 0,
      baselineN: N,
    });
    expect(metricOf(gone, 'missing_share')).toBe(1);
    expect(comparison.notes).toContain('gone is missing in the current table');
  });

  it('that is new in the current table has nothing to be compared with', async () => {
    const comparison = await compareTables([still], [stillToo, ['new', normals(3, N)]]);
    const added = featureOf(comparison, 'new');
    expect(added).toMatchObject({
      kind: 'numeric',
      status: 'no_data',
      reason: 'the reference has no such column',
      drifted: false,
      n: N,
      baselineN: 0,
    });
    expect(metricOf(added, 'missing_share')).toBe(0);
    expect(added.metrics.get('psi')?.status).toBe('no_data');
    expect(comparison.notes).toContain('new is new in the current table');
  });

  it('whose type changed is invalid, and an example says how', async () => {
    const comparison = await compareTables(
      [still, ['age', normals(3, N)], ['part', normals(4, N)]],
      [
        stillToo,
        ['age', repeated('unknown', N)],
        ['part', normals(5, N).map((x, i) => (i % 5 === 3 ? '(none)' : x))],
      ],
    );
    const age = featureOf(comparison, 'age');
    expect(age).toMatchObject({
      status: 'no_data',
      reason: 'the current table has no number in this column, but values such as "unknown"',
      drifted: true,
      alerts: ['InvalidValues'],
    });
    expect(metricOf(age, 'invalid_share')).toBe(1);
    expect(featureOf(comparison, 'part')).toMatchObject({
      status: 'ok',
      drifted: true,
      change: expect.stringMatching(/^20% of the values are no numbers, such as "\(none\)"; /),
    });
  });

  it('of text that became numbers is invalid in formats that tell them apart', async () => {
    const reference = temporaryFile('r.ndjson', ndjsonOf([['code', categories(1, N, ['17', '18'])]]));
    const current = temporaryFile('c.ndjson', ndjsonOf([['code', repeated(17, N)]]));
    expect(featureOf(await compareThese(reference, current), 'code')).toMatchObject({
      status: 'no_data',
      reason: 'the current table has no text in this column, but values such as "17"',
      drifted: true,
    });
  });

  it('of codes is read in the current table as in the reference', async () => {
    const reference = temporaryFile('r.ndjson', ndjsonOf([['zip', categories(1, N, ['10115', '20095'])]]));
    const current = csvFile([['zip', categories(2, N, ['10115', '20095'])]]);
    expect(featureOf(await compareThese(reference, current), 'zip')).toMatchObject({
      kind: 'categorical',
      status: 'ok',
      drifted: false,
    });
  });

  it('that begins to have values is no data, and is noted', async () => {
    const comparison = await compareTables(
      [still, ['filled', repeated(null, N)]],
      [stillToo, ['filled', normals(3, N)]],
    );
    expect(featureOf(comparison, 'filled')).toMatchObject({
      status: 'no_data',
      reason: 'the reference has no value in this column',
      n: N,
    });
    expect(comparison.notes).toContain('filled has values in the current table only');
  });

  it('may be called __proto__ or constructor', async () => {
    const { features } = await compareTables(
      [
        ['__proto__', normals(1, N)],
        ['constructor', categories(2, N, ['a', 'b'])],
      ],
      [
        ['__proto__', normals(3, N, 2)],
        ['constructor', categories(4, N, ['a', 'b'])],
      ],
    );
    expect(features.map(({ name, drifted, n }) => [name, drifted, n])).toEqual([
      ['__proto__', true, N],
      ['constructor', false, N],
    ]);
  });

  it('may not be called like what driftd adds itself', async () => {
    const { features, notes } = await compareTables(
      [still, ['__score__', normals(1, N)]],
      [stillToo, ['__score__', normals(1, N)]],
    );
    expect(features.map(({ name }) => name)).toEqual(['still']);
    expect(notes).toContain('__score__ is a name that driftd uses itself; the column was left out');
  });

  it('that counts the rows or names them is no feature', async () => {
    const row = (from: number): number[] => Array.from({ length: N }, (_, i) => from + 3 * i);
    const key = (from: number): string[] => row(from).map((i) => `user-${i}-${i * i}`);
    const many = (from: number): number[] => row(from).flatMap((i) => [i, i + 1, i + 2]);
    const comparison = await compareTables([['row', row(0)], still], [['row', row(9000)], stillToo]);
    expect(featureOf(comparison, 'row')).toMatchObject({
      status: 'undefined',
      reason: 'its numbers rise from row to row, as those of an identifier do',
      drifted: false,
    });
    expect(comparison.notes).toContain('row looks like an identifier and is not compared');
    expect(comparison.multivariate).toBeUndefined();
    const told = await compareTables([['row', row(0)]], [['row', row(9000)]], { numeric: ['row'] });
    expect(featureOf(told, 'row').drifted).toBe(true);

    const keys = await compareTables(
      [
        ['key', key(0).flatMap((k) => [`${k}a`, `${k}b`, `${k}c`])],
        ['x', normals(1, 3 * N)],
        ['row_id', many(0)],
      ],
      [['key', key(9000)], stillToo, ['row_id', row(0)]].map(
        ([name, cells]) => [name === 'still' ? 'x' : name, cells] as never,
      ),
    );
    expect(featureOf(keys, 'key')).toMatchObject({
      status: 'undefined',
      reason: 'all of its values are rare, as those of an identifier are',
      drifted: false,
    });
  });

  it('of many categories is not called drifted for the chance that made some of them frequent', async () => {
    const names = Array.from({ length: 2_000 }, (_, i) => `c${i}`);
    const { features } = await compareTables(
      [['c', categories(1, 10_000, names)]],
      [['c', categories(2, 10_000, names)]],
    );
    expect(features.map(({ drifted }) => drifted)).toEqual([false]);
  });

  it('that is to be ignored is not there', async () => {
    const { features, notes } = await compareTables(
      [still, ['x', normals(1, N)]],
      [stillToo, ['y', normals(1, N)]],
      { ignore: ['x', 'y'] },
    );
    expect(features.map(({ name }) => name)).toEqual(['still']);
    expect(notes).toEqual([]);
  });
});

describe('values that are odd', () => {
  it('do not raise a second alarm about all numbers together', async () => {
    const more = (seed: number): number[] => normals(seed, N);
    const { features, multivariate } = await compareTables(
      [
        ['x', more(11)],
        ['y', more(12)],
        ['z', more(13)],
      ],
      [
        ['x', more(14)],
        ['y', repeated('text', N)],
        ['z', more(15)],
      ],
    );
    expect(features.filter(({ drifted }) => drifted).map(({ name }) => name)).toEqual(['y']);
    expect(multivariate).toMatchObject({
      status: 'undefined',
      reason: 'y lacks values in one of the tables, which moves all numbers together',
      drifted: false,
      alerts: [],
    });
  });
});
