import type { Millis } from '../base/clock.ts';
import type { Store } from './client.ts';
import { millisOf, sqlTime } from './sql-time.ts';

export interface ProgressRow {
  readonly topic: string;
  readonly partition: number;
  readonly chunkStart: number;
  /** Everything from here to chunkStart was asked for and held no record. */
  readonly readFrom: number;
  /** Offsets before readFrom that were lost before they were read. */
  readonly gap: number;
  readonly endOffset: number;
  readonly closed: boolean;
  /** True when nothing was left to read behind endOffset at the time of the flush. */
  readonly caughtUp: boolean;
  readonly records: number;
  readonly maxRecords: number;
  readonly predictions: number;
  readonly labels: number;
  /** Predictions that are in no profile, because their model has no baseline. */
  readonly unprofiled: number;
  readonly rejected: number;
  readonly maxEventTime: Millis;
  /** Events that came after the watermark of their partition had passed them. */
  readonly late: number;
  /** When a valid event was last read; when reading began, before the first. */
  readonly activeAt: Millis;
  readonly flushedAt: Millis;
}

export async function saveProgress(store: Pick<Store, 'insert'>, row: ProgressRow): Promise<void> {
  await store.insert('progress', [
    {
      topic: row.topic,
      partition: row.partition,
      chunk_start: row.chunkStart,
      read_from: row.readFrom,
      gap: row.gap,
      end_offset: row.endOffset,
      closed: row.closed,
      caught_up: row.caughtUp,
      records: row.records,
      max_records: row.maxRecords,
      predictions: row.predictions,
      labels: row.labels,
      unprofiled: row.unprofiled,
      rejected: row.rejected,
      max_event_time: sqlTime(row.maxEventTime),
      late: row.late,
      active_at: sqlTime(row.activeAt),
      flushed_at: sqlTime(row.flushedAt),
    },
  ]);
}

export interface PartitionProgress {
  readonly topic: string;
  readonly partition: number;
  readonly endOffset: number;
  readonly caughtUp: boolean;
  readonly maxEventTime: Millis;
  /** When a valid event was last read. */
  readonly activeAt: Millis;
  /** When it was flushed up to endOffset, and caughtUp was true or not. */
  readonly flushedAt: Millis;
}

/** How far each partition is flushed. */
export async function partitionProgress(store: Store): Promise<PartitionProgress[]> {
  return store.query(
    `SELECT topic, partition, max(end_offset) AS endOffset, argMax(caught_up, (end_offset, p.flushed_at)) AS caughtUp,
            max(${millisOf('max_event_time')}) AS maxEventTime, max(${millisOf('active_at')}) AS activeAt,
            argMax(${millisOf('p.flushed_at')}, (end_offset, p.flushed_at)) AS flushedAt
     FROM {database}.progress AS p GROUP BY topic, partition ORDER BY topic, partition`,
  );
}

/** What the store knows of a chunk: the last one of its partition that starts at or before an offset. */
export interface ChunkRow {
  readonly start: number;
  /** Null when it was stored before this was kept. */
  readonly readFrom: number | null;
  readonly gap: number;
  /** The offset behind the last record that was flushed. */
  readonly end: number;
  readonly maxRecords: number;
}

/** The last chunk of a partition that starts at or before an offset. */
export async function chunkAt(
  store: Store,
  topic: string,
  partition: number,
  offset: number,
): Promise<ChunkRow | undefined> {
  const rows = await store.query<ChunkRow>(
    `SELECT chunk_start AS start, argMax(p.read_from, p.end_offset) AS readFrom, argMax(p.gap, p.end_offset) AS gap,
            max(p.end_offset) AS end, argMax(p.max_records, p.end_offset) AS maxRecords
     FROM {database}.progress AS p
     WHERE topic = {topic:String} AND partition = {partition:UInt32} AND chunk_start <= {offset:UInt64}
     GROUP BY chunk_start ORDER BY chunk_start DESC LIMIT 1`,
    { topic, partition, offset },
  );
  return rows[0];
}

/** The offset up to which a partition is stored; undefined when nothing of it is. */
export async function storedEnd(store: Store, topic: string, partition: number): Promise<number | undefined> {
  const rows = await store.query<{ end: number }>(
    `SELECT max(end_offset) AS end FROM {database}.progress
     WHERE topic = {topic:String} AND partition = {partition:UInt32} HAVING count() > 0`,
    { topic, partition },
  );
  return rows[0]?.end;
}
