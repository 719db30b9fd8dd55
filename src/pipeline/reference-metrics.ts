import type { MetricResult, MetricResults } from '../metrics/result.ts';
import { METRIC_NAMES, type MetricName, metricDefinition } from '../metrics/table.ts';
import type { Baseline } from '../profile/baseline.ts';

/** The performance that a baseline remembers, as metric results; what it does not remember is simply not there. */
export function referenceMetrics(baseline: Baseline): MetricResults {
  const results = new Map<MetricName, MetricResult>();
  for (const metric of METRIC_NAMES) {
    const known = baseline.performance.get(metric);
    if (known === undefined || metricDefinition(metric).scope !== 'model') continue;
    const method = 'of the labelled reference';
    results.set(metric, { metric, n: known.n, baselineN: 0, method, status: 'ok', value: known.value });
  }
  return results;
}
