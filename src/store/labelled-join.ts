import type { Millis } from '../base/clock.ts';
import { sqlTime } from './sql-time.ts';

export interface PerformanceWindow {
  readonly model: string;
  readonly from: Millis;
  readonly to: Millis;
}

/** The labelled predictions (`p`, with their labels `l`) that a model made in [from, to). */
export const JOINED = `
  FROM (SELECT version, prediction_id, prediction, prediction_number, score, timestamp, ordinal FROM {database}.predictions FINAL
        WHERE model = {model:String} AND timestamp >= {from:DateTime64(3, 'UTC')} AND timestamp < {to:DateTime64(3, 'UTC')}) AS p
  INNER JOIN (SELECT prediction_id, label, label_number FROM {database}.labels FINAL
        WHERE model = {model:String} AND prediction_id IN (
          SELECT prediction_id FROM {database}.predictions
          WHERE model = {model:String} AND timestamp >= {from:DateTime64(3, 'UTC')} AND timestamp < {to:DateTime64(3, 'UTC')})) AS l
  ON p.prediction_id = l.prediction_id`;

/** The parameters of `JOINED`. */
export function joinParameters(window: PerformanceWindow): Record<string, string> {
  return { model: window.model, from: sqlTime(window.from), to: sqlTime(window.to) };
}
