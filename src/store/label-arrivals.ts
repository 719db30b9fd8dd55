import type { Millis } from '../base/clock.ts';
import type { Store } from './client.ts';
import { millisOf, sqlTime } from './sql-time.ts';

/** Records of one partition of a log, from an offset on and up to another one, which does not belong to them. */
export interface LogRange {
  readonly topic: string;
  readonly partition: number;
  readonly from: number;
  readonly to: number;
}

/** How many predictions of a minute have something new to tell. */
export interface Arrival {
  readonly model: string;
  /** The minute in which the predictions were made. */
  readonly minute: Millis;
  readonly count: number;
}

/** What arrivals are looked for in. */
export interface ArrivalQuery {
  readonly models: readonly string[];
  /** When the predictions were made: at or after `from`, before `to`. */
  readonly from: Millis;
  readonly to: Millis;
}

/** So many labels are looked up at a time: a look never holds more ids than this, whatever has piled up. */
const LABELS_AT_A_TIME = 250_000;

/**
 * The predictions that got a label, or another one, in these ranges of the log, and those that came themselves, by the minute
 * in which they were made. Nothing is joined for it: labels are looked up by their ids.
 */
export async function arrivalsIn(
  store: Store,
  ranges: readonly LogRange[],
  query: ArrivalQuery,
  atATime: number = LABELS_AT_A_TIME,
): Promise<Arrival[]> {
  if (ranges.length === 0 || query.models.length === 0) return [];
  const { sql: inRanges, params } = within(ranges);
  const all = { ...params, models: query.models, from: sqlTime(query.from), to: sqlTime(query.to) };
  const made = `model IN {models:Array(String)}
    AND timestamp >= {from:DateTime64(3, 'UTC')} AND timestamp < {to:DateTime64(3, 'UTC')}`;
  const counted = `SELECT model, intDiv(${millisOf('timestamp')}, 60000) * 60000 AS minute, uniqExact(prediction_id) AS count
    FROM {database}.predictions WHERE ${made}`;
  const found = await store.query<Arrival>(`${counted} AND ${inRanges} GROUP BY model, minute`, all);
  const fresh = await store.query<{ readonly model: string; readonly count: number }>(
    `SELECT model, count() AS count FROM {database}.labels
     WHERE model IN {models:Array(String)} AND ${inRanges} GROUP BY model`,
    all,
  );
  const slices = Math.ceil(fresh.reduce((sum, { count }) => sum + count, 0) / atATime);
  for (let slice = 0; slice < slices; slice += 1) {
    const inSlice = 'cityHash64(prediction_id) % {slices:UInt32} = {slice:UInt32}';
    const labelled = await store.query<Arrival>(
      `${counted} AND ${inSlice} AND (model, prediction_id) IN (
         SELECT model, prediction_id FROM {database}.labels
         WHERE model IN {models:Array(String)} AND ${inRanges} AND ${inSlice})
       GROUP BY model, minute`,
      { ...all, models: fresh.map(({ model }) => model), slices, slice },
    );
    found.push(...labelled);
  }
  return found;
}

function within(ranges: readonly LogRange[]): { readonly sql: string; readonly params: object } {
  const params: Record<string, string | number> = {};
  const parts = ranges.map(({ topic, partition, from, to }, i) => {
    Object.assign(params, {
      [`topic${i}`]: topic,
      [`partition${i}`]: partition,
      [`from${i}`]: from,
      [`to${i}`]: to,
    });
    return (
      `(topic = {topic${i}:String} AND partition = {partition${i}:UInt32}` +
      ` AND offset >= {from${i}:UInt64} AND offset < {to${i}:UInt64})`
    );
  });
  return { sql: `(${parts.join(' OR ')})`, params };
}
