import type { MetricName } from '../metrics/table.ts';
import type { Frame } from './frame.ts';
import { notMeasured, type Reading, type WindowMeasurements } from './measurements.ts';
import type { Variable } from './variables.ts';

/** The metrics that a condition names of one window, by what their numbers of observations are asked for. */
export interface CountedMetrics {
  readonly frame: Frame | undefined;
  /** Those that the window itself has. */
  readonly window: readonly MetricName[];
  /** Those that the reference has or is compared with. */
  readonly reference: readonly MetricName[];
}

/** What the names of a condition say about each window that they are about; the group's own is always among them. */
export function countedMetrics(names: Iterable<Variable>): ReadonlyMap<string | undefined, CountedMetrics> {
  const counted = new Map<
    string | undefined,
    { frame: Frame | undefined; window: MetricName[]; reference: MetricName[] }
  >([[undefined, { frame: undefined, window: [], reference: [] }]]);
  for (const variable of names) {
    if (variable.kind === 'text') continue;
    const { frame } = variable;
    const entry = counted.get(frame?.name) ?? { frame, window: [], reference: [] };
    counted.set(frame?.name, entry);
    if (!('metric' in variable) || variable.kind === 'natural') continue;
    entry.reference.push(variable.metric);
    if (variable.kind !== 'baseline') entry.window.push(variable.metric);
  }
  return counted;
}

/** The smallest n of the metrics that are named; the number of events when none is. */
export function observationCount(metrics: readonly MetricName[], window: WindowMeasurements): number {
  let least = Number.POSITIVE_INFINITY;
  for (const metric of metrics) least = Math.min(least, window.metrics.get(metric)?.n ?? least);
  return least === Number.POSITIVE_INFINITY ? window.events : least;
}

/** The smallest number of reference observations behind the metrics that are named. */
export function referenceCount(
  metrics: readonly MetricName[],
  window: WindowMeasurements | undefined,
  frame: Frame | undefined,
): Reading {
  if (window === undefined) return notMeasured(frame);
  const counts = metrics
    .map((metric) => window.baselineMetrics.get(metric)?.n ?? window.metrics.get(metric)?.baselineN ?? 0)
    .filter((count) => count > 0);
  return counts.length === 0
    ? { status: 'undefined', reason: 'baseline_n: no metric of the condition has a reference' }
    : { status: 'ok', value: Math.min(...counts) };
}
