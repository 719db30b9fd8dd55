import { DriftdError } from '../base/errors.ts';
import type { Config } from '../config/schema.ts';
import { compileMapping } from '../decode/mapping.ts';
import { validateEvent } from '../event/validate.ts';
import { openRows } from '../ingest/files/open-rows.ts';
import type { RowFile } from '../ingest/files/row.ts';
import type { ReferenceRow } from '../pipeline/create-baseline.ts';
import type { ModelPolicy } from '../pipeline/model-policy.ts';
import { type RowColumns, rowEvent } from '../pipeline/row-event.ts';

export interface ReferenceSource {
  /** All rows of all files; each call reads from the start. */
  rows(): AsyncIterable<ReferenceRow>;
  /** Of one pass, in bytes. */
  progress(): { done: number; total: number };
}

/** Reference rows of one model from data files, as events or as the reason why a row is none. */
export async function openReference(
  files: readonly string[],
  about: {
    readonly config: Config;
    readonly columns: RowColumns;
    readonly model: string;
    readonly version: string | undefined;
    readonly policy: ModelPolicy;
    /** Stands in for the timestamp of rows without one. */
    readonly now: number;
    readonly signal: AbortSignal;
  },
): Promise<ReferenceSource> {
  const opened: RowFile[] = [];
  for (const file of files) {
    // What the columns of the first file were taken for holds for the others.
    const kinds = opened[0]?.kinds;
    opened.push(await openRows(file, kinds === undefined ? {} : { kinds }));
  }
  for (const file of opened) checkColumns(file, about.columns);
  const { mapping } = about.config.ingest;
  const map = mapping === undefined ? (payload: unknown) => payload : compileMapping(mapping);
  const defaults = {
    model: about.model,
    timestamp: about.now,
    ...(about.version !== undefined && { version: about.version }),
  };
  const options = {
    maxAge: Number.POSITIVE_INFINITY,
    maxFuture: Number.POSITIVE_INFINITY,
    knowsModel: () => true,
    positiveClass: () => about.policy.positive,
  };
  return {
    async *rows() {
      for (const file of opened) {
        for await (const { line, values } of file.rows) {
          about.signal.throwIfAborted();
          const event = mapping === undefined ? rowEvent(values, about.columns, defaults) : map(values);
          yield { place: `${file.file}:${line}`, outcome: validateEvent(event, undefined, options) };
        }
      }
    },
    progress: () => {
      const parts = opened.map((file) => file.progress());
      return {
        done: parts.reduce((sum, { done }) => sum + done, 0),
        total: parts.reduce((sum, { total }) => sum + total, 0),
      };
    },
  };
}

function checkColumns({ file, columns }: RowFile, named: RowColumns): void {
  if (columns === undefined) return;
  const known = new Set(columns);
  for (const column of Object.values(named)) {
    if (typeof column === 'string' && !known.has(column)) {
      throw new DriftdError(
        'input',
        `${file}: there is no column "${column}"; the columns are ${columns.join(', ')}`,
      );
    }
  }
}
