import type { Store } from './client.ts';
import {
  joinParameters,
  type PerformanceWindow,
  type Slices,
  segmentColumn,
  slicesColumn,
} from './labelled-join.ts';

export interface NumberBias {
  readonly version: string;
  /** '' for the whole population. */
  readonly segment: string;
  readonly labelled: number;
  readonly unlabelled: number;
  /** The largest distance of the two distribution functions. */
  readonly distance: number;
}

/** Every prediction made in [from, to) as `p`, with whether its label has come as `has_label`. */
function withLabel(slices: Slices): string {
  return `
  FROM (SELECT version, prediction_number${slicesColumn(slices)},
               prediction_id IN (
                 SELECT prediction_id FROM {database}.labels WHERE model = {model:String} AND prediction_id IN (
                   SELECT prediction_id FROM {database}.predictions
                   WHERE model = {model:String} AND timestamp >= {from:DateTime64(3, 'UTC')} AND timestamp < {to:DateTime64(3, 'UTC')})
               ) AS has_label
        FROM {database}.predictions FINAL
        WHERE model = {model:String} AND timestamp >= {from:DateTime64(3, 'UTC')} AND timestamp < {to:DateTime64(3, 'UTC')}) AS p`;
}

/** How numeric predictions with a label and without one are distributed, by version; or by version and segment. */
export async function numberBias(
  store: Store,
  window: PerformanceWindow,
  slices?: Slices,
): Promise<NumberBias[]> {
  const rows = await store.query<NumberBias>(
    `SELECT version, segment, any(all_with) AS labelled, any(all_without) AS unlabelled,
            max(abs(if(all_with = 0, 0, up_to_with / all_with) - if(all_without = 0, 0, up_to_without / all_without))) AS distance
     FROM (SELECT version, segment,
                  sum(with_label) OVER (PARTITION BY version, segment ORDER BY value) AS up_to_with,
                  sum(without_label) OVER (PARTITION BY version, segment ORDER BY value) AS up_to_without,
                  sum(with_label) OVER (PARTITION BY version, segment) AS all_with,
                  sum(without_label) OVER (PARTITION BY version, segment) AS all_without
           FROM (SELECT p.version AS version, ${segmentColumn(slices)} AS segment, assumeNotNull(p.prediction_number) AS value,
                        countIf(has_label) AS with_label, countIf(NOT has_label) AS without_label ${withLabel(slices)}
                 WHERE p.prediction_number IS NOT NULL GROUP BY version, segment, value))
     GROUP BY version, segment`,
    joinParameters(window, slices),
  );
  // Sums of shares may end a hair above 1.
  return rows.map((row) => ({ ...row, distance: Math.min(1, row.distance) }));
}
