import type { MetricResult, MetricResults } from '../../src/metrics/result.ts';
import type { MetricName } from '../../src/metrics/table.ts';
import type { Measurements } from '../../src/rules/measurements.ts';

/** A number with its p-value and counts, or the status that stands in its place. */
type Given =
  | number
  | 'no_data'
  | 'not_enough_data'
  | 'undefined'
  | { readonly value: number; readonly pValue?: number; readonly n?: number; readonly baselineN?: number };

/** Metric results for tests: `{ psi: 0.2, ks: { value: 0.1, pValue: 0.01 }, mean: 'no_data' }`. */
export function results(
  given: Partial<Record<MetricName, Given>>,
  n = 1000,
  baselineN = 5000,
): MetricResults {
  return new Map(
    Object.entries(given).map(([name, value]): [MetricName, MetricResult] => {
      const metric = name as MetricName;
      const counts = { metric, n, baselineN, method: 'test' };
      if (typeof value === 'string') return [metric, { ...counts, status: value, reason: `no ${metric}` }];
      return [metric, { ...counts, status: 'ok', ...(typeof value === 'number' ? { value } : value) }];
    }),
  );
}

export function measurements(
  metrics: Partial<Record<MetricName, Given>>,
  baselineMetrics: Partial<Record<MetricName, Given>> = {},
  rest: Partial<Measurements> = {},
): Measurements {
  return {
    model: 'fraud',
    version: '7',
    feature: 'amount',
    metrics: results(metrics),
    baselineMetrics: results(baselineMetrics, 5000, 0),
    events: 1200,
    ...rest,
  };
}
