import { fileFormat } from '../ingest/files/file-format.ts';
import { openRows } from '../ingest/files/open-rows.ts';
import { openRecordLines } from '../ingest/files/record-lines.ts';
import type { ReplayRecord } from '../pipeline/replay.ts';
import { type RowColumns, type RowDefaults, rowEvent } from '../pipeline/row-event.ts';

export interface ReplayFiles {
  records(): AsyncIterable<ReplayRecord>;
  progress(): { done: number; total: number };
}

/**
 * Opens files as the log of a replay: NDJSON lines go to the decoder as they are, rows of tables become events first.
 * Each file is a topic of its own, read one after the other.
 */
export async function openReplayFiles(
  files: readonly string[],
  options: {
    readonly maxBytes: number;
    readonly columns: RowColumns;
    readonly defaults: RowDefaults | undefined;
  },
): Promise<ReplayFiles> {
  const opened = await Promise.all(
    files.map(async (file) => ({
      file,
      source:
        fileFormat(file).kind === 'ndjson' && options.defaults === undefined
          ? await lines(file, options.maxBytes)
          : await table(file, options.columns, options.defaults),
    })),
  );
  return {
    async *records() {
      for (const { file, source } of opened) {
        for await (const { offset, value } of source.values()) {
          yield { topic: file, offset, timestamp: undefined, value };
        }
      }
    },
    progress: () => {
      const parts = opened.map(({ source }) => source.progress());
      return {
        done: parts.reduce((sum, { done }) => sum + done, 0),
        total: parts.reduce((sum, { total }) => sum + total, 0),
      };
    },
  };
}

interface ValueSource {
  values(): AsyncIterable<{ offset: number; value: Buffer }>;
  progress(): { done: number; total: number };
}

async function lines(file: string, maxBytes: number): Promise<ValueSource> {
  const opened = await openRecordLines(file, maxBytes);
  return {
    async *values() {
      for await (const { line, value } of opened.lines) yield { offset: line, value };
    },
    progress: () => opened.progress(),
  };
}

async function table(
  file: string,
  columns: RowColumns,
  defaults: RowDefaults | undefined,
): Promise<ValueSource> {
  const opened = await openRows(file);
  return {
    async *values() {
      for await (const { line, values } of opened.rows) {
        const event = defaults === undefined ? values : rowEvent(values, columns, defaults);
        yield { offset: line, value: Buffer.from(JSON.stringify(event)) };
      }
    },
    progress: () => opened.progress(),
  };
}
