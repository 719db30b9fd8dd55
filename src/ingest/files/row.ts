/** How much of a file has been read, in bytes as they lie on the disk. */
export interface FileProgress {
  readonly done: number;
  readonly total: number;
}

/** One row of a data file. */
export interface Row {
  /** The line on which the row begins, from 1; in Parquet files the number of the row. */
  readonly line: number;
  /** Cells by column, missing ones as null. Look at own properties only: a column may be called `constructor`. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** What a column of text holds: `categorical` unless a sample of it says otherwise. */
export type ColumnKind = 'numeric' | 'boolean' | 'categorical';

/** A data file that is read row by row, in memory that does not grow with it. */
export interface RowFile {
  readonly file: string;
  /** Reads from the start each time that it is iterated; one iteration at a time. */
  readonly rows: AsyncIterable<Row>;
  /** Undefined where each row brings its own names (NDJSON). */
  readonly columns: readonly string[] | undefined;
  /** What the text of each column was taken for; undefined for formats that have types of their own. */
  readonly kinds: ReadonlyMap<string, ColumnKind> | undefined;
  /** Of the current iteration. */
  progress(): FileProgress;
}

export interface RowOptions {
  /** Rows of a CSV file from which kinds are inferred. Default 10 000. */
  readonly sampleRows?: number;
  /** Kinds that are known beforehand, such as those of the file to compare with. They win over the sample. */
  readonly kinds?: ReadonlyMap<string, ColumnKind>;
}

export const DEFAULT_SAMPLE_ROWS = 10_000;

/** An object for the cells of these columns. A column called `__proto__` is data, so it must not meet a setter. */
export function emptyValues(columns: readonly string[]): Record<string, unknown> {
  return columns.includes('__proto__') ? Object.create(null) : {};
}
