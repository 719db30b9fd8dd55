import { didYouMean } from '../base/nearest.ts';
import type { MetricResults, MetricStatus } from '../metrics/result.ts';
import { METRIC_NAMES, METRICS, type MetricName, type MetricScope } from '../metrics/table.ts';

/** What a name in a condition or a template stands for. */
export type Variable =
  | { readonly kind: 'metric' | 'p_value' | 'baseline'; readonly metric: MetricName }
  | { readonly kind: 'n' | 'baseline_n' }
  | { readonly kind: 'text'; readonly of: 'model' | 'version' | 'feature' };

/** What is known about one subject in one window. */
export interface Measurements {
  readonly model: string;
  readonly version: string;
  readonly feature?: string;
  readonly metrics: MetricResults;
  /** The metrics of nature `level`, of the reference. */
  readonly baselineMetrics: MetricResults;
  /** Events behind the subject in this window. */
  readonly events: number;
}

/** A number, or why there is none. */
export type Reading =
  | { readonly status: 'ok'; readonly value: number }
  | { readonly status: Exclude<MetricStatus, 'ok'>; readonly reason: string };

/** The tests among the metrics, whose p-value has a name of its own. */
const TESTS: readonly MetricName[] = ['ks', 'chi2', 'g_test'];

/** All names that a condition or a template of this scope may use; metrics first, in the order of the metrics table. */
export function variablesOf(scope: MetricScope): ReadonlyMap<string, Variable> {
  const metrics = METRIC_NAMES.filter((metric) => METRICS[metric].scope === scope);
  const levels = metrics.filter((metric) => METRICS[metric].nature === 'level');
  const texts =
    scope === 'feature' ? (['model', 'version', 'feature'] as const) : (['model', 'version'] as const);
  return new Map<string, Variable>([
    ...metrics.map((metric) => [metric, { kind: 'metric', metric }] as const),
    ...metrics
      .filter((metric) => TESTS.includes(metric))
      .map((metric) => [`${metric}_p_value`, { kind: 'p_value', metric }] as const),
    ...levels.map((metric) => [`baseline.${metric}`, { kind: 'baseline', metric }] as const),
    ['n', { kind: 'n' }],
    ['baseline_n', { kind: 'baseline_n' }],
    ...texts.map((of) => [of, { kind: 'text', of }] as const),
  ]);
}

/** Says why a name means nothing in this scope, and which one would. `what` is what was expected: a metric, a variable. */
export function explainUnknown(
  name: string,
  scope: MetricScope,
  known: Iterable<string>,
  what = 'metric',
): string {
  const bare = name.replace(/^baseline\./, '');
  const elsewhere = variablesOf(scope === 'feature' ? 'model' : 'feature');
  if (elsewhere.has(name)) {
    return scope === 'feature'
      ? `"${name}" describes the model as a whole; it belongs in a rule with "each: model"`
      : `"${name}" describes one feature; it belongs in a rule with "each: feature" or "each: prediction"`;
  }
  if (bare !== name && isMetric(bare) && METRICS[bare].nature === 'difference') {
    return `"${name}" does not exist: ${bare} is itself a comparison with the baseline`;
  }
  const tested = name.replace(/_p_value$/, '');
  if (tested !== name && isMetric(tested)) {
    return `"${tested}" has no p-value; these have one: ${TESTS.join(', ')}`;
  }
  return `unknown ${what} "${name}"${didYouMean(name, known)}`;
}

/** Reads a metric, its p-value or its value in the reference. */
export function readNumber(
  variable: Extract<Variable, { readonly metric: MetricName }>,
  { metrics, baselineMetrics }: Measurements,
): Reading {
  const { kind, metric } = variable;
  const result = (kind === 'baseline' ? baselineMetrics : metrics).get(metric);
  if (result === undefined) {
    const where = kind === 'baseline' ? 'in the baseline' : 'here';
    return { status: 'undefined', reason: `${metric} is not defined ${where}` };
  }
  if (result.status !== 'ok') {
    const prefix = kind === 'baseline' ? 'baseline.' : '';
    return { status: result.status, reason: `${prefix}${metric}: ${result.reason}` };
  }
  if (kind !== 'p_value') return { status: 'ok', value: result.value };
  return result.pValue === undefined
    ? { status: 'undefined', reason: `${metric} has no p-value here` }
    : { status: 'ok', value: result.pValue };
}

function isMetric(name: string): name is MetricName {
  return Object.hasOwn(METRICS, name);
}
