import { MAX_CLASS_PAIRS, type ThresholdCell } from '../metrics/class-metrics.ts';
import type { Store } from './client.ts';
import { JOINED, joinParameters, type PerformanceWindow } from './labelled-join.ts';
import { floatOf, type SqlFloat } from './sql-number.ts';

/** How often a class was predicted where another (or the same) was true. */
interface ConfusionRow {
  readonly version: string;
  readonly prediction: string;
  readonly label: string;
  readonly count: number;
}

/** Labelled predictions that name no class, by whether their score reaches the threshold. */
interface ThresholdRow extends ThresholdCell {
  readonly version: string;
}

export interface ConfusionRows {
  readonly given: readonly ConfusionRow[];
  readonly byThreshold: readonly ThresholdRow[];
}

/** Sums over the labelled predictions of a regression; those of the labels are about their mean. */
export interface ErrorSums {
  readonly version: string;
  readonly n: number;
  readonly sumError: number;
  readonly sumAbsoluteError: number;
  readonly sumSquaredError: number;
  readonly sumRelativeError: number;
  readonly sumLabel: number;
  readonly sumSquaredLabel: number;
  readonly medianAbsoluteError: number;
}

/**
 * The confusion counts of the labelled predictions made in [from, to), by version: no more pairs of each than are needed
 * to see that they are too many.
 */
export async function confusionCounts(
  store: Store,
  window: PerformanceWindow,
  threshold: number,
): Promise<ConfusionRows> {
  const rows = await store.query<ConfusionRow & { readonly above: 0 | 1 }>(
    `SELECT p.version AS version, p.prediction AS prediction, l.label AS label,
            p.prediction = '' AND p.score >= {threshold:Float64} AS above, count() AS count ${JOINED}
     WHERE p.prediction != '' OR p.score IS NOT NULL
     GROUP BY version, prediction, label, above LIMIT ${MAX_CLASS_PAIRS + 1} BY version, prediction = ''`,
    // As text: the embedded engine refuses whole numbers past 2^53.
    { ...joinParameters(window), threshold: String(threshold) },
  );
  const given: ConfusionRow[] = [];
  const byThreshold: ThresholdRow[] = [];
  for (const { version, prediction, label, count, above } of rows) {
    if (prediction !== '') given.push({ version, prediction, label, count });
    else byThreshold.push({ version, label, above: above ? count : 0, below: above ? 0 : count });
  }
  return { given, byThreshold };
}

/** Sums of errors of the labelled numeric predictions made in [from, to), by version. */
export async function errorSums(store: Store, window: PerformanceWindow): Promise<ErrorSums[]> {
  const rows = await store.query<ErrorSumsRow>(
    `SELECT version, count() AS n, sum(error) AS sumError, sum(abs(error)) AS sumAbsoluteError,
            sum(pow(error, 2)) AS sumSquaredError, sum(abs(error) / greatest(abs(label), {epsilon:Float64})) AS sumRelativeError,
            0 AS sumLabel, count() * varPopStable(label - origin) AS sumSquaredLabel,
            quantileExactInclusive(0.5)(abs(error)) AS medianAbsoluteError
     FROM (SELECT p.version AS version, assumeNotNull(l.label_number) AS label,
                  assumeNotNull(p.prediction_number) - label AS error,
                  min(label) OVER (PARTITION BY version) AS origin ${JOINED}
           WHERE p.prediction_number IS NOT NULL AND l.label_number IS NOT NULL)
     GROUP BY version`,
    { ...joinParameters(window), epsilon: Number.EPSILON },
  );
  return rows.map((row) => ({
    version: row.version,
    n: row.n,
    sumError: floatOf(row.sumError),
    sumAbsoluteError: floatOf(row.sumAbsoluteError),
    sumSquaredError: floatOf(row.sumSquaredError),
    sumRelativeError: floatOf(row.sumRelativeError),
    sumLabel: floatOf(row.sumLabel),
    sumSquaredLabel: floatOf(row.sumSquaredLabel),
    medianAbsoluteError: floatOf(row.medianAbsoluteError),
  }));
}

type ErrorSumsRow = Pick<ErrorSums, 'version' | 'n'> &
  Record<Exclude<keyof ErrorSums, 'version' | 'n'>, SqlFloat>;
