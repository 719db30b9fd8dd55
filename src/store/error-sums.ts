import type { Store } from './client.ts';
import { joined, joinParameters, type PerformanceWindow } from './labelled-join.ts';
import { floatOf, type SqlFloat } from './sql-number.ts';

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

/** Sums of errors of the labelled numeric predictions made in [from, to), by version. */
export async function errorSums(store: Store, window: PerformanceWindow): Promise<ErrorSums[]> {
  const rows = await store.query<ErrorSumsRow>(
    `SELECT version, count() AS n, sum(error) AS sumError, sum(abs(error)) AS sumAbsoluteError,
            sum(pow(error, 2)) AS sumSquaredError, sum(abs(error) / greatest(abs(label), {epsilon:Float64})) AS sumRelativeError,
            0 AS sumLabel, count() * varPopStable(label - origin) AS sumSquaredLabel,
            quantileExactInclusive(0.5)(abs(error)) AS medianAbsoluteError
     FROM (SELECT p.version AS version, assumeNotNull(l.label_number) AS label,
                  assumeNotNull(p.prediction_number) - label AS error,
                  min(label) OVER (PARTITION BY version) AS origin ${joined('INNER')}
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
