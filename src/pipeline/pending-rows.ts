/** The tables that get a row for a record, or none. */
const TABLES = ['predictions', 'labels', 'learning_samples', 'rejects'] as const;

type RecordTable = (typeof TABLES)[number];

/** What a row takes besides its texts. */
const ROW_BYTES = 200;

/** About how many bytes a row with its texts takes. */
export function rowBytes(row: object): number {
  let bytes = ROW_BYTES;
  for (const value of Object.values(row)) if (typeof value === 'string') bytes += value.length;
  return bytes;
}

/**
 * Rows of single records that wait for the next flush. Unlike profiles they grow with every record, so whoever holds them
 * has to look at `bytes` and flush in time.
 */
export class PendingRows {
  #rows = emptyRows();
  #bytes = 0;

  add(table: RecordTable, row: object): void {
    this.#rows[table].push(row);
    this.#bytes += rowBytes(row);
  }

  /** About how much they take. */
  get bytes(): number {
    return this.#bytes;
  }

  /** All rows by table; none are left. */
  drain(): Array<readonly [table: RecordTable, rows: readonly object[]]> {
    const rows = this.#rows;
    this.#rows = emptyRows();
    this.#bytes = 0;
    return TABLES.map((table) => [table, rows[table]]);
  }
}

function emptyRows(): Record<RecordTable, object[]> {
  return { predictions: [], labels: [], learning_samples: [], rejects: [] };
}
