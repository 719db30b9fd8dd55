import type { Millis } from '../base/clock.ts';
import type { MetricResult } from '../metrics/result.ts';
import type { Store } from './client.ts';
import { sqlTime } from './sql-time.ts';

/** What a row of `metrics` is about. */
export interface MetricSubject {
  readonly model: string;
  readonly version: string;
  readonly segment: string;
  /** '' for a metric of the model as a whole. */
  readonly feature: string;
  /** What the window was compared with, as the rule file says it. */
  readonly against: string;
  readonly baselineId: string;
  readonly from: Millis;
  readonly to: Millis;
}

export function metricRow(subject: MetricSubject, result: MetricResult): object {
  const { from, to, baselineId, ...about } = subject;
  return {
    ...about,
    baseline_id: baselineId,
    window_start: sqlTime(from),
    window_end: sqlTime(to),
    metric: result.metric,
    value: result.status === 'ok' ? result.value : null,
    lower: result.status === 'ok' ? (result.interval?.lower ?? null) : null,
    upper: result.status === 'ok' ? (result.interval?.upper ?? null) : null,
    p_value: result.status === 'ok' ? (result.pValue ?? null) : null,
    n: result.n,
    baseline_n: result.baselineN,
    method: result.method,
    status: result.status,
    reason: result.status === 'ok' ? '' : result.reason,
  };
}

export async function saveMetrics(store: Store, rows: readonly object[]): Promise<void> {
  await store.insert('metrics', rows);
}
