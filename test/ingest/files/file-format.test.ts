import { describe, expect, it } from 'vitest';
import { fileFormat } from '../../../src/ingest/files/file-format.ts';

describe('the format of a file', () => {
  it.each([
    ['a.csv', 'csv', false],
    ['a.CSV.GZ', 'csv', true],
    ['dir.parquet/a.tsv', 'csv', false],
    ['a.ndjson', 'ndjson', false],
    ['a.jsonl.gz', 'ndjson', true],
    ['a.b.json', 'ndjson', false],
    ['a.parquet', 'parquet', false],
  ])('of %s is %s', (file, kind, gzip) => {
    expect(fileFormat(file)).toMatchObject({ kind, gzip });
  });

  it('knows from the name alone that a .tsv has tabs', () => {
    expect(fileFormat('a.tsv.gz').tabs).toBe(true);
    expect(fileFormat('a.csv').tabs).toBe(false);
  });

  it.each(['data.xlsx', 'data', 'data.gz', 'data.parquet.gz', 'csv', '.csv.zip'])(
    'cannot be told for %s, and the message lists the extensions',
    (file) => {
      expect(() => fileFormat(file)).toThrow(
        expect.objectContaining({
          code: 'input',
          message: expect.stringMatching(
            /must end in \.csv, \.tsv, \.ndjson, \.jsonl or \.json .*\.gz.* \.parquet$/,
          ),
        }),
      );
    },
  );
});
