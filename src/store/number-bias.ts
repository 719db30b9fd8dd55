import type { Store } from './client.ts';
import { joinParameters, type PerformanceWindow } from './labelled-join.ts';

export interface NumberBias {
  readonly version: string;
  readonly labelled: number;
  readonly unlabelled: number;
  /** The largest distance of the two distribution functions. */
  readonly distance: number;
}

/** Every prediction made in [from, to) as `p`, with whether its label has come as `has_label`. */
const WITH_LABEL = `
  FROM (SELECT version, prediction_number,
               prediction_id IN (
                 SELECT prediction_id FROM {database}.labels WHERE model = {model:String} AND prediction_id IN (
                   SELECT prediction_id FROM {database}.predictions
                   WHERE model = {model:String} AND timestamp >= {from:DateTime64(3, 'UTC')} AND timestamp < {to:DateTime64(3, 'UTC')})
               ) AS has_label
        FROM {database}.predictions FINAL
        WHERE model = {model:String} AND timestamp >= {from:DateTime64(3, 'UTC')} AND timestamp < {to:DateTime64(3, 'UTC')}) AS p`;

/** How numeric predictions with a label and without one are distributed, by version. */
export async function numberBias(store: Store, window: PerformanceWindow): Promise<NumberBias[]> {
  const rows = await store.query<NumberBias>(
    `SELECT version, any(all_with) AS labelled, any(all_without) AS unlabelled,
            max(abs(if(all_with = 0, 0, up_to_with / all_with) - if(all_without = 0, 0, up_to_without / all_without))) AS distance
     FROM (SELECT version,
                  sum(with_label) OVER (PARTITION BY version ORDER BY value) AS up_to_with,
                  sum(without_label) OVER (PARTITION BY version ORDER BY value) AS up_to_without,
                  sum(with_label) OVER (PARTITION BY version) AS all_with,
                  sum(without_label) OVER (PARTITION BY version) AS all_without
           FROM (SELECT p.version AS version, assumeNotNull(p.prediction_number) AS value,
                        countIf(has_label) AS with_label, countIf(NOT has_label) AS without_label ${WITH_LABEL}
                 WHERE p.prediction_number IS NOT NULL GROUP BY version, value))
     GROUP BY version`,
    joinParameters(window),
  );
  // Sums of shares may end a hair above 1.
  return rows.map((row) => ({ ...row, distance: Math.min(1, row.distance) }));
}
