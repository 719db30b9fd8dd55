import type { Millis } from '../base/clock.ts';
import type { Store } from './client.ts';
import { millisOf, sqlTime } from './sql-time.ts';

export interface ProgressRow {
  readonly topic: string;
  readonly partition: number;
  readonly chunkStart: number;
  readonly endOffset: number;
  readonly closed: boolean;
  /** True when nothing was left to read behind endOffset at the time of the flush. */
  readonly caughtUp: boolean;
  readonly records: number;
  readonly maxRecords: number;
  readonly maxEventTime: Millis;
  /** Events that came after the watermark of their partition had passed them. */
  readonly late: number;
  /** When a valid event was last read; when reading began, before the first. */
  readonly activeAt: Millis;
  readonly flushedAt: Millis;
}

export async function saveProgress(store: Store, row: ProgressRow): Promise<void> {
  await store.insert('progress', [
    {
      topic: row.topic,
      partition: row.partition,
      chunk_start: row.chunkStart,
      end_offset: row.endOffset,
      closed: row.closed,
      caught_up: row.caughtUp,
      records: row.records,
      max_records: row.maxRecords,
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
}

/** How far each partition is flushed. */
export async function partitionProgress(store: Store): Promise<PartitionProgress[]> {
  return store.query(
    `SELECT topic, partition, max(end_offset) AS endOffset, argMax(caught_up, (end_offset, flushed_at)) AS caughtUp,
            max(${millisOf('max_event_time')}) AS maxEventTime, max(${millisOf('active_at')}) AS activeAt
     FROM {database}.progress GROUP BY topic, partition ORDER BY topic, partition`,
  );
}

/** The last chunk of a partition that starts at or before an offset. */
export async function chunkAt(
  store: Store,
  topic: string,
  partition: number,
  offset: number,
): Promise<{ start: number; end: number; maxRecords: number } | undefined> {
  const rows = await store.query<{ start: number; end: number; maxRecords: number }>(
    `SELECT chunk_start AS start, max(end_offset) AS end, argMax(max_records, end_offset) AS maxRecords
     FROM {database}.progress
     WHERE topic = {topic:String} AND partition = {partition:UInt32} AND chunk_start <= {offset:UInt64}
     GROUP BY chunk_start ORDER BY chunk_start DESC LIMIT 1`,
    { topic, partition, offset },
  );
  return rows[0];
}
