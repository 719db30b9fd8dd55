import type { Millis } from '../base/clock.ts';
import type { Store } from './client.ts';
import { floatOf, type SqlFloat } from './sql-number.ts';
import { sqlTime } from './sql-time.ts';

export interface PerformanceWindow {
  readonly model: string;
  readonly from: Millis;
  readonly to: Millis;
}

/** How often a class was predicted where another (or the same) was true. */
export interface ConfusionRow {
  readonly version: string;
  readonly prediction: string;
  readonly label: string;
  readonly count: number;
}

/** Sums over the labelled predictions of a regression. */
export interface ErrorSums {
  readonly version: string;
  readonly n: number;
  readonly sumError: number;
  readonly sumAbsoluteError: number;
  readonly sumSquaredError: number;
  readonly sumLabel: number;
  readonly sumSquaredLabel: number;
}

/** More pairs of classes than this are no classification. */
const CONFUSION_LIMIT = 10_000;

const JOINED = `
  FROM (SELECT version, prediction_id, prediction, prediction_number FROM {database}.predictions FINAL
        WHERE model = {model:String} AND timestamp >= {from:DateTime64(3, 'UTC')} AND timestamp < {to:DateTime64(3, 'UTC')}) AS p
  INNER JOIN (SELECT prediction_id, label, label_number FROM {database}.labels FINAL
        WHERE model = {model:String} AND prediction_id IN (
          SELECT prediction_id FROM {database}.predictions
          WHERE model = {model:String} AND timestamp >= {from:DateTime64(3, 'UTC')} AND timestamp < {to:DateTime64(3, 'UTC')})) AS l
  ON p.prediction_id = l.prediction_id`;

/** The confusion counts of the labelled predictions made in [from, to), by version. */
export async function confusionCounts(store: Store, window: PerformanceWindow): Promise<ConfusionRow[]> {
  return store.query(
    `SELECT p.version AS version, p.prediction AS prediction, l.label AS label, count() AS count ${JOINED}
     WHERE p.prediction != '' GROUP BY version, prediction, label LIMIT ${CONFUSION_LIMIT}`,
    parameters(window),
  );
}

/** Sums of errors of the labelled numeric predictions made in [from, to), by version. */
export async function errorSums(store: Store, window: PerformanceWindow): Promise<ErrorSums[]> {
  const rows = await store.query<ErrorSumsRow>(
    `SELECT p.version AS version, count() AS n,
            sum(p.prediction_number - l.label_number) AS sumError,
            sum(abs(p.prediction_number - l.label_number)) AS sumAbsoluteError,
            sum(pow(p.prediction_number - l.label_number, 2)) AS sumSquaredError,
            sum(l.label_number) AS sumLabel, sum(pow(l.label_number, 2)) AS sumSquaredLabel
     ${JOINED}
     WHERE p.prediction_number IS NOT NULL AND l.label_number IS NOT NULL GROUP BY version`,
    parameters(window),
  );
  return rows.map((row) => ({
    version: row.version,
    n: row.n,
    sumError: floatOf(row.sumError),
    sumAbsoluteError: floatOf(row.sumAbsoluteError),
    sumSquaredError: floatOf(row.sumSquaredError),
    sumLabel: floatOf(row.sumLabel),
    sumSquaredLabel: floatOf(row.sumSquaredLabel),
  }));
}

type ErrorSumsRow = Pick<ErrorSums, 'version' | 'n'> &
  Record<Exclude<keyof ErrorSums, 'version' | 'n'>, SqlFloat>;

function parameters(window: PerformanceWindow): Record<string, string> {
  return { model: window.model, from: sqlTime(window.from), to: sqlTime(window.to) };
}
