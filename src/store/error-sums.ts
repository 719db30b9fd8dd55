import type { Store } from './client.ts';
import {
  joined,
  joinParameters,
  type PerformanceWindow,
  type Slices,
  segmentColumn,
} from './labelled-join.ts';
import { floatOf, type SqlFloat } from './sql-number.ts';

/** Sums over the labelled predictions of a regression; those of the labels are about their mean. */
export interface ErrorSums {
  readonly version: string;
  /** '' for the whole population. */
  readonly segment: string;
  readonly n: number;
  readonly sumError: number;
  readonly sumAbsoluteError: number;
  readonly sumSquaredError: number;
  readonly sumRelativeError: number;
  readonly sumLabel: number;
  readonly sumSquaredLabel: number;
  readonly medianAbsoluteError: number;
}

/** Sums of errors of the labelled numeric predictions made in [from, to), by version; or by version and segment. */
export async function errorSums(
  store: Store,
  window: PerformanceWindow,
  slices?: Slices,
): Promise<ErrorSums[]> {
  const rows = await store.query<ErrorSumsRow>(
    `SELECT version, segment, count() AS n, sum(error) AS sumError, sum(abs(error)) AS sumAbsoluteError,
            sum(pow(error, 2)) AS sumSquaredError, sum(abs(error) / greatest(abs(label), {epsilon:Float64})) AS sumRelativeError,
            0 AS sumLabel, count() * varPopStable(label - origin) AS sumSquaredLabel,
            quantileExactInclusive(0.5)(abs(error)) AS medianAbsoluteError
     FROM (SELECT version, segment, label, error, min(label) OVER (PARTITION BY version, segment) AS origin
           FROM (SELECT p.version AS version, ${segmentColumn(slices)} AS segment, assumeNotNull(l.label_number) AS label,
                        assumeNotNull(p.prediction_number) - label AS error ${joined('INNER', slices)}
                 WHERE p.prediction_number IS NOT NULL AND l.label_number IS NOT NULL))
     GROUP BY version, segment`,
    { ...joinParameters(window, slices), epsilon: Number.EPSILON },
  );
  return rows.map((row) => ({
    version: row.version,
    segment: row.segment,
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

type Counted = 'version' | 'segment' | 'n';
type ErrorSumsRow = Pick<ErrorSums, Counted> & Record<Exclude<keyof ErrorSums, Counted>, SqlFloat>;
