import { OTHER_VALUE, partsOf } from '../event/segments.ts';
import type { MetricResult, MetricResults } from '../metrics/result.ts';
import { METRIC_NAMES, type MetricName, metricDefinition } from '../metrics/table.ts';
import type { Baseline } from '../profile/baseline.ts';
import type { ReferenceValue } from '../profile/reference-value.ts';
import { LEAST_PREDICTIONS } from './segment-sizes.ts';

/** The performance that a baseline remembers, as metric results; what it does not remember is simply not there. */
export function referenceMetrics({ performance }: Baseline): MetricResults {
  return resultsOf(performance, 'of the labelled reference');
}

/**
 * The same of a segment. What a baseline has of a feature's other values is about all that have no slice of their own, and so
 * about others than a window's segment of that name. And what a few labels say is no reference.
 */
export function segmentReference({ segments }: Baseline, segment: string): MetricResults {
  const isOther = partsOf(segment).some((part) => part.endsWith(`=${OTHER_VALUE}`));
  const known = isOther ? undefined : segments?.known.get(segment);
  const results = resultsOf(known?.performance ?? new Map(), `of the labelled reference in ${segment}`);
  return new Map(
    Array.from(results, ([metric, result]): [MetricName, MetricResult] => {
      const { n, baselineN, method } = result;
      const reason = `the reference has ${n} labels of ${segment}; ${LEAST_PREDICTIONS} are needed`;
      const hidden = { metric, n, baselineN, method, status: 'not_enough_data', reason } as const;
      return [metric, n < LEAST_PREDICTIONS ? hidden : result];
    }),
  );
}

function resultsOf(performance: ReadonlyMap<string, ReferenceValue>, method: string): MetricResults {
  const results = new Map<MetricName, MetricResult>();
  for (const metric of METRIC_NAMES) {
    const known = performance.get(metric);
    if (known === undefined || metricDefinition(metric).scope !== 'model') continue;
    results.set(metric, { metric, n: known.n, baselineN: 0, method, status: 'ok', value: known.value });
  }
  return results;
}
