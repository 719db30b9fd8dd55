import type { Millis } from '../base/clock.ts';
import type { Store } from './client.ts';
import { sqlTime } from './sql-time.ts';

export interface PerformanceWindow {
  readonly model: string;
  readonly from: Millis;
  readonly to: Millis;
}

/** Which predictions are joined, and what of them besides the columns that all ask for. */
export interface JoinedPredictions {
  /** Further columns, each behind a comma. */
  readonly columns?: string;
  /** Conditions on them, each behind AND. */
  readonly conditions?: string;
}

/** The slices of a population that rows are told apart by; undefined: by none, and all rows are of the segment ''. */
export type Slices = readonly string[] | undefined;

/** All segments that a prediction belongs to, from those of single features: `withPairs` in SQL. */
export const SEGMENTS_OF = `arrayConcat(
  arrayMap(single -> toString(single), segments),
  arrayFlatten(arrayMap((first, i) -> arrayMap(second -> concat(toString(first), ',', toString(second)), arraySlice(segments, i + 1)),
                        segments, arrayEnumerate(segments))))`;

/** What a row of `predictions` needs to be counted in slices, behind its other columns. */
export function slicesColumn(slices: Slices): string {
  return slices === undefined
    ? ''
    : `, arrayFilter(one -> one IN {slices:Array(String)}, ${SEGMENTS_OF}) AS slices`;
}

/** The segment that a row of `joined` is counted in: with slices there are as many rows as it belongs to. */
export function segmentColumn(slices: Slices): string {
  return slices === undefined ? "''" : 'arrayJoin(p.slices)';
}

/**
 * The predictions (`p`) that a model made in [from, to), with their labels (`l`): only those that have one (`INNER`), or all
 * (`LEFT`); with the slices that each of them belongs to, where there are some to tell. Of a label that was corrected the
 * newest counts; that is found among those of the window alone, since FINAL would merge the labels of all windows for it.
 */
export function joined(
  kind: 'INNER' | 'LEFT',
  slices?: Slices,
  { columns = '', conditions = '' }: JoinedPredictions = {},
): string {
  return `
  FROM (SELECT version, prediction_id, prediction, prediction_number, score, timestamp, ordinal${slicesColumn(slices)}${columns} FROM {database}.predictions FINAL
        WHERE model = {model:String} AND timestamp >= {from:DateTime64(3, 'UTC')} AND timestamp < {to:DateTime64(3, 'UTC')} ${conditions}) AS p
  ${kind} JOIN (SELECT prediction_id, true AS is_there, argMax(n.label, n.ordinal) AS label, tupleElement(argMax(tuple(n.label_number), n.ordinal), 1) AS label_number
        FROM {database}.labels AS n
        WHERE model = {model:String} AND prediction_id IN (
          SELECT prediction_id FROM {database}.predictions
          WHERE model = {model:String} AND timestamp >= {from:DateTime64(3, 'UTC')} AND timestamp < {to:DateTime64(3, 'UTC')} ${conditions})
        GROUP BY prediction_id) AS l
  ON p.prediction_id = l.prediction_id`;
}

/** How many predictions that a model made in [from, to) have a label. */
export async function labelledCount(store: Store, window: PerformanceWindow): Promise<number> {
  const [row] = await store.query<{ labelled: number }>(
    `SELECT count() AS labelled ${joined('INNER')}`,
    joinParameters(window),
  );
  return row?.labelled ?? 0;
}

/** The parameters of `joined`. */
export function joinParameters(window: PerformanceWindow, slices?: Slices): Record<string, unknown> {
  return {
    model: window.model,
    from: sqlTime(window.from),
    to: sqlTime(window.to),
    ...(slices !== undefined && { slices }),
  };
}
