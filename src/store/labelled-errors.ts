import type { Millis } from '../base/clock.ts';
import type { PerformancePolicy } from '../metrics/labelled-evidence.ts';
import type { Store } from './client.ts';
import { joined, joinParameters, type PerformanceWindow } from './labelled-join.ts';
import { predictionLoss } from './prediction-loss.ts';
import { millisOf, sqlTime } from './sql-time.ts';

/** How far a prediction was from its label. */
export interface LabelledError {
  readonly version: string;
  readonly at: Millis;
  /** For a classification 1 when the prediction is wrong, else 0; for a regression its distance from the label. */
  readonly error: number;
  /** With `at`, its place in the order of events: the number stands for the place in the log, the id decides the rest. */
  readonly ordinal: string;
  readonly id: string;
}

/**
 * The errors of the labelled predictions made in [from, to), in event time, then in the order of the log. What is neither
 * right nor wrong has none: a prediction without answer and score, a number that is none.
 *
 * @param after the last one that is known already
 * @param limit the most that are given
 */
export async function labelledErrors(
  store: Store,
  window: PerformanceWindow,
  policy: PerformancePolicy,
  after: LabelledError | undefined,
  limit: number,
): Promise<LabelledError[]> {
  const loss = predictionLoss(policy);
  const behind =
    after === undefined
      ? ''
      : "AND (p.timestamp, p.ordinal, p.prediction_id) > ({at:DateTime64(3, 'UTC')}, {ordinal:UInt64}, {id:String})";
  return store.query(
    `SELECT p.version AS version, ${millisOf('p.timestamp')} AS at, toString(p.ordinal) AS ordinal, p.prediction_id AS id,
            ${loss.sql} AS error ${joined('INNER')}
     WHERE error IS NOT NULL AND isFinite(error) ${behind}
     ORDER BY p.timestamp, p.ordinal, p.prediction_id LIMIT {limit:UInt32}`,
    {
      ...joinParameters(window),
      limit,
      ...loss.params,
      ...(after !== undefined && { at: sqlTime(after.at), ordinal: after.ordinal, id: after.id }),
    },
  );
}
