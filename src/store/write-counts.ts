/** How often this process has written to the tables of one database. */
export class WriteCounts {
  /** Statements of which it is not known what they wrote to. */
  #unknown = 0;
  readonly #tables = new Map<string, number>();

  /** Called when a write has ended, well or not: what was never acknowledged may be there all the same. */
  note(table?: string): void {
    if (table === undefined) this.#unknown += 1;
    else this.#tables.set(table, (this.#tables.get(table) ?? 0) + 1);
  }

  of(tables: readonly string[]): number {
    return tables.reduce((sum, table) => sum + (this.#tables.get(table) ?? 0), this.#unknown);
  }
}

/** By folder and database: the engine is the process's, and so is what is written to it, by whichever handle. */
const counts = new Map<string, WriteCounts>();

export function writeCountsOf(path: string, database: string): WriteCounts {
  const key = `${path}\0${database}`;
  const known = counts.get(key) ?? new WriteCounts();
  counts.set(key, known);
  return known;
}
