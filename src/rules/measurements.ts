import type { MetricResults, MetricStatus } from '../metrics/result.ts';
import type { MetricName } from '../metrics/table.ts';
import type { Frame } from './frame.ts';
import type { MetricVariable } from './variables.ts';

/** What is known of one subject in one window. */
export interface WindowMeasurements {
  readonly metrics: MetricResults;
  /** The metrics of nature `level`, of the reference. */
  readonly baselineMetrics: MetricResults;
  /** How far the baseline's own time blocks differ, by metric; what is not there is unknown and counts as 0. */
  readonly natural?: ReadonlyMap<MetricName, number>;
  /** Events behind the subject in this window. */
  readonly events: number;
}

/** What is known of one subject in the window of its group, and in others that the rules of the group name. */
export interface Measurements extends WindowMeasurements {
  readonly model: string;
  readonly version: string;
  /** Undefined for the whole population. */
  readonly segment?: string;
  readonly feature?: string;
  /** Undefined for a model as a whole. */
  readonly featureKind?: 'numeric' | 'categorical';
  /** By the name of the frame; what is not there could not be measured. */
  readonly others?: ReadonlyMap<string, WindowMeasurements>;
}

/** A number, or why there is none. */
export type Reading =
  | { readonly status: 'ok'; readonly value: number }
  | { readonly status: Exclude<MetricStatus, 'ok'>; readonly reason: string };

/** What is known of the window that a name is about. */
export function windowOf(subject: Measurements, frame: Frame | undefined): WindowMeasurements | undefined {
  return frame === undefined ? subject : subject.others?.get(frame.name);
}

/** Reads a metric, its p-value, an end of its confidence interval, its value in the reference or its natural variability in one window of a subject. */
export function readMetric(
  kind: MetricVariable['kind'],
  metric: MetricName,
  window: WindowMeasurements | undefined,
  frame: Frame | undefined,
): Reading {
  if (window === undefined) return notMeasured(frame);
  if (kind === 'natural') return { status: 'ok', value: window.natural?.get(metric) ?? 0 };
  const result = (kind === 'baseline' ? window.baselineMetrics : window.metrics).get(metric);
  if (result === undefined) {
    const where = kind === 'baseline' ? 'in the baseline' : 'here';
    return { status: 'undefined', reason: `${metric} is not defined ${where}` };
  }
  if (result.status !== 'ok') {
    const owner = kind === 'baseline' ? 'baseline.' : '';
    const prefix = frame === undefined ? owner : `${frame.name}.${owner}`;
    return { status: result.status, reason: `${prefix}${metric}: ${result.reason}` };
  }
  if (kind === 'lower' || kind === 'upper') {
    return result.interval === undefined
      ? { status: 'undefined', reason: `${metric} has no confidence interval here` }
      : { status: 'ok', value: result.interval[kind] };
  }
  if (kind !== 'p_value') return result;
  return result.pValue === undefined
    ? { status: 'undefined', reason: `${metric} has no p-value here` }
    : { status: 'ok', value: result.pValue };
}

/** Why there is no number of a window that is not there. */
export function notMeasured(frame: Frame | undefined): Reading {
  const window = frame === undefined ? 'the window' : `the window ${frame.name}`;
  return { status: 'no_data', reason: `${window} was not measured: it begins before its baseline` };
}
