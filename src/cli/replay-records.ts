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
 * Each file is a topic of its own; several are merged by the time in their events, as they came when they were live.
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
    records: () => mergedByTime(opened.map(({ file, source }) => topicRecords(file, source))),
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

async function* topicRecords(topic: string, source: ValueSource): AsyncGenerator<ReplayRecord> {
  for await (const { offset, value } of source.values()) yield { topic, offset, timestamp: undefined, value };
}

/** Takes, of the next records of all files, the one with the earliest time. Within a file the order stays as it is. */
async function* mergedByTime(sources: readonly AsyncGenerator<ReplayRecord>[]): AsyncGenerator<ReplayRecord> {
  const [only] = sources;
  if (only !== undefined && sources.length === 1) {
    yield* only;
    return;
  }
  const heads = await Promise.all(sources.map((source) => nextOf(source, 0)));
  for (;;) {
    let first: Head | undefined;
    for (const head of heads)
      if (head !== undefined && (first === undefined || head.time < first.time)) first = head;
    if (first === undefined) return;
    yield first.record;
    heads[heads.indexOf(first)] = await nextOf(first.source, first.time);
  }
}

interface Head {
  readonly source: AsyncGenerator<ReplayRecord>;
  readonly record: ReplayRecord;
  readonly time: number;
}

const TIMESTAMP = /"timestamp"\s*:\s*(?:"([^"]+)"|(\d+))/;

/** A record whose time cannot be seen goes right behind the one before it. */
async function nextOf(source: AsyncGenerator<ReplayRecord>, before: number): Promise<Head | undefined> {
  const next = await source.next();
  if (next.done === true) return undefined;
  const [, text, millis] = TIMESTAMP.exec(next.value.value?.toString('latin1') ?? '') ?? [];
  const time = text === undefined ? Number(millis ?? Number.NaN) : Date.parse(text);
  return { source, record: next.value, time: Number.isNaN(time) ? before : time };
}
