import { didYouMean } from '../base/nearest.ts';
import type { MetricResults, MetricStatus } from '../metrics/result.ts';
import {
  METRIC_NAMES,
  METRICS,
  type MetricName,
  type MetricScope,
  NATURAL_METRICS,
} from '../metrics/table.ts';

/** What a name in a condition or a template stands for. */
export type Variable =
  | { readonly kind: 'metric' | 'p_value' | 'baseline' | 'natural'; readonly metric: MetricName }
  | { readonly kind: 'n' | 'baseline_n' }
  | { readonly kind: 'text'; readonly of: 'model' | 'version' | 'feature' | 'featureKind' };

/** What is known about one subject in one window. */
export interface Measurements {
  readonly model: string;
  readonly version: string;
  readonly feature?: string;
  /** Undefined for a model as a whole. */
  readonly featureKind?: 'numeric' | 'categorical';
  readonly metrics: MetricResults;
  /** The metrics of nature `level`, of the reference. */
  readonly baselineMetrics: MetricResults;
  /** How far the baseline's own time blocks differ, by metric; what is not there is unknown and counts as 0. */
  readonly natural?: ReadonlyMap<MetricName, number>;
  /** Events behind the subject in this window. */
  readonly events: number;
}

/** A number, or why there is none. */
export type Reading =
  | { readonly status: 'ok'; readonly value: number }
  | { readonly status: Exclude<MetricStatus, 'ok'>; readonly reason: string };

/** The tests among the metrics, whose p-value has a name of its own. */
const TESTS: readonly MetricName[] = [
  'psi',
  'ks',
  'mann_whitney',
  'mood',
  'wasserstein',
  'chi2',
  'g_test',
  'missing_share',
  'invalid_share',
  'unseen_share',
];

/** All names that a condition or a template of this scope may use; metrics first, in the order of the metrics table. */
export function variablesOf(scope: MetricScope): ReadonlyMap<string, Variable> {
  const metrics = METRIC_NAMES.filter((metric) => METRICS[metric].scope === scope);
  const levels = metrics.filter((metric) => METRICS[metric].nature === 'level');
  const texts = [
    ['model', 'model'],
    ['version', 'version'],
    ...(scope === 'feature'
      ? ([
          ['feature', 'feature'],
          ['kind', 'featureKind'],
        ] as const)
      : []),
  ] as const;
  return new Map<string, Variable>([
    ...metrics.map((metric) => [metric, { kind: 'metric', metric }] as const),
    ...metrics
      .filter((metric) => TESTS.includes(metric))
      .map((metric) => [`${metric}_p_value`, { kind: 'p_value', metric }] as const),
    ...levels.map((metric) => [`baseline.${metric}`, { kind: 'baseline', metric }] as const),
    ...(scope === 'feature' ? NATURAL_METRICS : []).map(
      (metric) => [`natural.${metric}`, { kind: 'natural', metric }] as const,
    ),
    ['n', { kind: 'n' }],
    ['baseline_n', { kind: 'baseline_n' }],
    ...texts.map(([name, of]) => [name, { kind: 'text', of }] as const),
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
  if (name.startsWith('natural.')) {
    return `"${name}" does not exist: natural variability is known of ${NATURAL_METRICS.join(', ')}`;
  }
  const tested = name.replace(/_p_value$/, '');
  if (tested !== name && isMetric(tested)) {
    return `"${tested}" has no p-value; these have one: ${TESTS.join(', ')}`;
  }
  return `unknown ${what} "${name}"${didYouMean(name, known)}`;
}

/** Reads a metric, its p-value, its value in the reference or its natural variability. */
export function readNumber(
  variable: Extract<Variable, { readonly metric: MetricName }>,
  { metrics, baselineMetrics, natural }: Measurements,
): Reading {
  const { kind, metric } = variable;
  if (kind === 'natural') return { status: 'ok', value: natural?.get(metric) ?? 0 };
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
