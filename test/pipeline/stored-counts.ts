import type { Store } from '../../src/store/client.ts';

/** Everything that a log leaves in the store, except for when it was written and at which flush. */
export interface StoredCounts {
  readonly profiles: readonly object[];
  readonly predictions: readonly object[];
  readonly labels: readonly object[];
  readonly rejects: readonly object[];
}

export async function storedCounts(store: Store): Promise<StoredCounts> {
  const rows = (table: string, order: string, except: string): Promise<object[]> =>
    store.query(`SELECT * EXCEPT (${except}) FROM {database}.${table} FINAL ORDER BY ${order}`);
  return {
    profiles: await rows(
      'profile_parts',
      'model, version, segment, pane, feature, baseline_id, partition, chunk_start',
      'end_offset, written_at',
    ),
    predictions: await rows('predictions', 'model, prediction_id, timestamp', 'written_at'),
    labels: await rows('labels', 'model, prediction_id', 'written_at'),
    rejects: await rows('rejects', 'topic, partition, offset', 'rejected_at, written_at'),
  };
}

/** How many predictions the profiles hold, by model, version and pane; one number for all features, which must agree. */
export async function countedEvents(store: Store): Promise<Map<string, number>> {
  const rows = await store.query<{ key: string; events: number; agree: 0 | 1 }>(
    `SELECT concat(model, ' ', version, ' ', toString(toUnixTimestamp64Milli(pane))) AS key,
            max(counted) AS events, min(counted) = max(counted) AS agree
     FROM (SELECT model, version, pane, feature, sum(n + missing + invalid) AS counted
           FROM {database}.profile_parts FINAL WHERE segment = '' GROUP BY model, version, pane, feature)
     GROUP BY model, version, pane ORDER BY key`,
  );
  return new Map(rows.map(({ key, events, agree }) => [key, agree === 1 ? events : Number.NaN]));
}
