import type { ColumnVector } from '../../ingest/files/column-batch.ts';

/** One cell as JSON would have it; null where there is none, or where it is of the wrong type in a column of numbers. */
export function cellOf(vector: ColumnVector | undefined, row: number): unknown {
  switch (vector?.type) {
    case 'numbers': {
      const value = vector.values[row] as number;
      return Number.isNaN(value) ? null : value;
    }
    case 'codes': {
      const code = vector.codes[row] as number;
      return code < 0 ? null : vector.dictionary[code];
    }
    case 'values':
      return vector.values[row] ?? null;
    default:
      return null;
  }
}
