import type { ColumnKind, FileProgress } from './row.ts';

/** The cells of one column in one batch of rows, in the form that is cheapest to count. */
export type ColumnVector = NumberVector | CodeVector | ValueVector;

/** Numbers; of a column of kind `time`, milliseconds since 1970 (UTC where the text names no zone). */
export interface NumberVector {
  readonly type: 'numbers';
  /** One a row; NaN where there is no number. Only the first `rows` of the batch count: the array may be longer. */
  readonly values: Float64Array;
  /** Rows without a value, and rows with one that is no finite number. Together as many as there are NaN. */
  readonly missing: number;
  readonly invalid: number;
  /** The first value that is no number, for messages. */
  readonly invalidExample: string | undefined;
}

export interface CodeVector {
  readonly type: 'codes';
  /** One a row: a position in `dictionary`, or -1 where the value is missing. The array may be longer than the batch. */
  readonly codes: Int32Array;
  /** Distinct values of this batch in the order in which they come; strings, booleans as `true` and `false`. */
  readonly dictionary: readonly string[];
}

export interface ValueVector {
  readonly type: 'values';
  /** One a row, as JSON would have it: for columns of mixed types, arrays and objects. A missing value is null. */
  readonly values: readonly unknown[];
}

/** Some rows of a table, by column. Vectors are valid until the next batch is asked for. */
export interface ColumnBatch {
  /** Line of the first row, from 1; in Parquet files its number. */
  readonly firstLine: number;
  /** At least one. */
  readonly rows: number;
  /** By name. A column that is not here has no value in any row of the batch. */
  readonly columns: ReadonlyMap<string, ColumnVector>;
}

/** What a column holds. A `time` is a date or a timestamp in ISO-8601, or of such a type in Parquet. */
export type CellKind = ColumnKind | 'time';

/** A data file that is read by column, in memory that does not grow with it. */
export interface ColumnFile {
  readonly file: string;
  /** Undefined where each row brings its own names (NDJSON). */
  readonly columns: readonly string[] | undefined;
  /**
   * What each column was taken for: by its type (Parquet), or by the first rows. A column of mixed types, of arrays or of
   * objects is not here, and neither is one of an NDJSON file whose first value comes behind those rows.
   *
   * In CSV and Parquet files the vector of a column follows from it: `numbers` for numeric and time, else `codes`. Columns
   * that are not here, and all of an NDJSON file but those of times, have in each batch the vector that its values ask for.
   */
  readonly kinds: ReadonlyMap<string, CellKind>;
  /** Reads from the start each time; one iteration at a time. A file without rows gives no batch. */
  batches(): AsyncIterable<ColumnBatch>;
  /** Of the current iteration. */
  progress(): FileProgress;
}

export interface ColumnOptions {
  /** Rows by which kinds are inferred. Default 10 000. */
  readonly sampleRows?: number;
  /**
   * Kinds that are known beforehand, such as those of the file to compare with; they win over the sample. In CSV files all
   * of them count. Elsewhere values have types, and a kind only says whether text is to be read as time.
   */
  readonly kinds?: ReadonlyMap<string, CellKind>;
}
