import type { Millis } from '../base/clock.ts';
import type { Store } from './client.ts';

/** What progress says of a chunk. */
export interface ChunkProgress {
  readonly topic: string;
  readonly partition: number;
  readonly start: number;
  /** Null when it was stored before this was kept. */
  readonly readFrom: number | null;
  readonly gap: number;
  readonly end: number;
  readonly records: number;
  readonly predictions: number;
  readonly labels: number;
  readonly unprofiled: number;
  readonly rejected: number;
  readonly writtenAt: Millis;
}

/** All chunks, in the order of the log; one query, so that they are of one instant. */
export async function chunkProgress(store: Store): Promise<ChunkProgress[]> {
  return store.query(
    `SELECT topic, partition, chunk_start AS start, read_from AS readFrom, gap, end_offset AS end, records, predictions,
            labels, unprofiled, rejected, toUnixTimestamp(written_at) * 1000 AS writtenAt
     FROM {database}.progress FINAL ORDER BY topic, partition, chunk_start`,
  );
}

/** What the profiles say of a chunk. */
export interface ChunkProfiles {
  readonly topic: string;
  readonly partition: number;
  readonly start: number;
  /** The largest end_offset among its rows. */
  readonly end: number;
  /** Events, by any feature of each pane. */
  readonly events: number;
  /** Panes whose features do not agree on the number of events. */
  readonly torn: number;
  /** The most baselines under which one version of a model was counted: more than one, and `events` counts some twice. */
  readonly baselines: number;
  readonly writtenAt: Millis;
}

/** To be asked behind `chunkProgress`: rows are written before the progress that covers them. */
export async function chunkProfiles(store: Store): Promise<ChunkProfiles[]> {
  return store.query(
    `SELECT topic, partition, start, max(v.end) AS end, sum(v.events) AS events, sum(v.torn) AS torn,
            max(v.baselines) AS baselines, max(v.writtenAt) AS writtenAt
     FROM (
       SELECT topic, partition, start, max(p.end) AS end, sum(most) AS events, countIf(least != most) AS torn,
              uniqExact(baseline_id) AS baselines, max(p.writtenAt) AS writtenAt
       FROM (
         SELECT topic, partition, chunk_start AS start, model, version, pane, baseline_id, max(end_offset) AS end,
                max(n + missing + invalid) AS most, min(n + missing + invalid) AS least,
                max(toUnixTimestamp(written_at)) * 1000 AS writtenAt
         FROM {database}.profile_parts FINAL WHERE segment = ''
         GROUP BY topic, partition, start, model, version, pane, baseline_id
       ) AS p GROUP BY topic, partition, start, model, version
     ) AS v GROUP BY topic, partition, start ORDER BY topic, partition, start`,
  );
}
