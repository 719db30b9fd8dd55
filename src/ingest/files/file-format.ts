import { DriftdError } from '../../base/errors.ts';

export interface FileFormat {
  readonly kind: 'csv' | 'ndjson' | 'parquet';
  readonly gzip: boolean;
  /** True when the name alone says that tabs part the cells. */
  readonly tabs: boolean;
}

const KINDS: ReadonlyMap<string, FileFormat['kind']> = new Map([
  ['csv', 'csv'],
  ['tsv', 'csv'],
  ['ndjson', 'ndjson'],
  ['jsonl', 'ndjson'],
  ['json', 'ndjson'],
  ['parquet', 'parquet'],
]);

/** What a file is, by its name. Throws an `input` error that lists the extensions when the name does not say. */
export function fileFormat(file: string): FileFormat {
  const [, extension = '', zipped] = /\.([a-z0-9]+)(\.gz)?$/i.exec(file) ?? [];
  const kind = KINDS.get(extension.toLowerCase());
  const gzip = zipped !== undefined;
  if (kind === undefined || (kind === 'parquet' && gzip)) {
    throw new DriftdError(
      'input',
      `${file}: cannot tell the format from the name; it must end in .csv, .tsv, .ndjson, .jsonl or .json ` +
        '(each also with .gz behind it), or in .parquet',
    );
  }
  return { kind, gzip, tabs: extension.toLowerCase() === 'tsv' };
}
