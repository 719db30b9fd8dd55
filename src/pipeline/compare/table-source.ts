import type { CellKind, ColumnBatch, ColumnFile } from '../../ingest/files/column-batch.ts';
import { openColumns } from '../../ingest/files/open-columns.ts';
import type { FileProgress } from '../../ingest/files/row.ts';

/** One table in one or more files, read by column and as often as needed. */
export interface TableSource {
  /** For people: the names of the files. */
  readonly name: string;
  /** Of all files; undefined when one of them brings its names row by row. */
  readonly columns: readonly string[] | undefined;
  /** What each column was taken for, as far as its first rows tell. */
  readonly kinds: ReadonlyMap<string, CellKind>;
  /** Reads all files from the start. */
  batches(): AsyncIterable<ColumnBatch>;
  /** Bytes of the current reading. */
  progress(): FileProgress;
}

/**
 * Opens files that hold one table together.
 *
 * @param kinds what is known of columns beforehand; for the others the first file that has them decides, for all files.
 */
export async function openTable(
  files: readonly string[],
  kinds: ReadonlyMap<string, CellKind>,
): Promise<TableSource> {
  const opened: ColumnFile[] = [];
  const known = new Map(kinds);
  for (const file of files) {
    const next = await openColumns(file, { kinds: known });
    for (const [column, kind] of next.kinds) if (!known.has(column)) known.set(column, kind);
    opened.push(next);
  }
  const names = opened.map(({ columns }) => columns);
  let reading = 0;
  return {
    name: files.join(', '),
    columns: names.includes(undefined) ? undefined : [...new Set(names.flatMap((columns) => columns ?? []))],
    kinds: known,
    async *batches() {
      for (const [position, file] of opened.entries()) {
        reading = position;
        yield* file.batches();
      }
    },
    progress: () => {
      const parts = opened.map((file) => file.progress());
      // A file that comes later still tells of the reading before this one.
      const read = parts.map(({ done, total }, i) => (i < reading ? total : i === reading ? done : 0));
      return {
        done: read.reduce((sum, done) => sum + done, 0),
        total: parts.reduce((sum, { total }) => sum + total, 0),
      };
    },
  };
}
