import { EvaluationError } from '@marcbachmann/cel-js';
import { messageOf } from '../base/errors.ts';
import type { MetricStatus } from '../metrics/result.ts';
import type { MetricName } from '../metrics/table.ts';
import type { Condition } from './condition.ts';
import { type Measurements, type Reading, readNumber, type Variable } from './variables.ts';

/** What a condition says about one subject in one window. */
export type Outcome =
  | {
      readonly outcome: 'true' | 'false';
      /** The numbers that the condition names, as far as there are any. */
      readonly values: Readonly<Record<string, number>>;
      /** The same for `baseline.*`, under the bare name. */
      readonly baselineValues: Readonly<Record<string, number>>;
    }
  | { readonly outcome: Exclude<MetricStatus, 'ok'>; readonly reason: string };

/**
 * Evaluates a condition. A metric without a number makes the outcome that metric's status, unless CEL decides without
 * it: `a && b` is false when either side is false, `a || b` is true when either side is true.
 */
export function evaluateCondition(condition: Condition, measurements: Measurements): Outcome {
  const values: Record<string, number> = {};
  const baselineValues: Record<string, number> = {};
  const context = {};
  const baseline = {};
  const natural = {};
  Object.defineProperty(context, 'baseline', { value: baseline });
  Object.defineProperty(context, 'natural', { value: natural });
  for (const [name, variable] of condition.names) {
    if (variable.kind === 'text') {
      Object.defineProperty(context, name, { value: measurements[variable.of] ?? '' });
      continue;
    }
    const reading = readVariable(condition, variable, measurements);
    const ofBaseline = variable.kind === 'baseline';
    if (ofBaseline) expose(baseline, variable.metric, reading);
    else if (variable.kind === 'natural') expose(natural, variable.metric, reading);
    else expose(context, name, reading);
    if (reading.status !== 'ok') continue;
    if (ofBaseline) baselineValues[variable.metric] = reading.value;
    else if (variable.kind === 'metric' || variable.kind === 'p_value') values[name] = reading.value;
  }
  try {
    return { outcome: condition.holds(context) ? 'true' : 'false', values, baselineValues };
  } catch (error) {
    if (error instanceof NoNumber) return { outcome: error.status, reason: error.message };
    // A calculation that CEL refuses, such as int("x").
    return {
      outcome: 'undefined',
      reason: error instanceof EvaluationError ? error.summary : messageOf(error),
    };
  }
}

/** The number behind a name: a metric's, or the n or baseline_n of the whole condition. */
export function readVariable(
  condition: Condition,
  variable: Exclude<Variable, { readonly kind: 'text' }>,
  measurements: Measurements,
): Reading {
  switch (variable.kind) {
    case 'n':
      return { status: 'ok', value: windowCount(condition, measurements) };
    case 'baseline_n':
      return baselineCount(condition, measurements);
    default:
      return readNumber(variable, measurements);
  }
}

/** The smallest n of the metrics that the condition names; the number of events when it names none. */
function windowCount(condition: Condition, { metrics, events }: Measurements): number {
  const counts = metricsIn(condition, ['metric', 'p_value']).flatMap(
    (metric) => metrics.get(metric)?.n ?? [],
  );
  return counts.length === 0 ? events : Math.min(...counts);
}

/** The smallest number of reference observations behind the metrics that the condition names. */
function baselineCount(condition: Condition, { metrics, baselineMetrics }: Measurements): Reading {
  const counts = metricsIn(condition, ['metric', 'p_value', 'baseline'])
    .map((metric) => baselineMetrics.get(metric)?.n ?? metrics.get(metric)?.baselineN ?? 0)
    .filter((count) => count > 0);
  return counts.length === 0
    ? { status: 'undefined', reason: 'baseline_n: no metric of the condition has a reference' }
    : { status: 'ok', value: Math.min(...counts) };
}

function metricsIn({ names }: Condition, kinds: ReadonlyArray<Variable['kind']>): MetricName[] {
  return [...names.values()].flatMap((variable) =>
    'metric' in variable && kinds.includes(variable.kind) ? [variable.metric] : [],
  );
}

/** Thrown by a name that has no number, so that CEL's own rules for errors decide whether it matters. */
class NoNumber extends Error {
  readonly status: Exclude<MetricStatus, 'ok'>;

  constructor(status: Exclude<MetricStatus, 'ok'>, reason: string) {
    super(reason);
    this.status = status;
  }
}

function expose(target: object, name: string, reading: Reading): void {
  const get = (): number => {
    if (reading.status === 'ok') return reading.value;
    throw new NoNumber(reading.status, reading.reason);
  };
  Object.defineProperty(target, name, { get, enumerable: true });
}
