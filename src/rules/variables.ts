import { DETECTORS } from '../metrics/change-detectors.ts';
import {
  INTERVAL_METRICS,
  METRIC_NAMES,
  METRICS,
  type MetricName,
  type MetricScope,
  NATURAL_METRICS,
  type Range,
} from '../metrics/table.ts';
import { type Frame, frameOf } from './frame.ts';

/** What a name in a condition or a template stands for: a number of one window, or a text. */
export type Variable = NumberVariable | TextVariable;

export type NumberVariable = MetricVariable | CountVariable | DurationVariable;

export interface MetricVariable {
  readonly kind: 'metric' | 'p_value' | 'baseline' | 'natural' | 'lower' | 'upper';
  readonly metric: MetricName;
  /** Undefined for the group's own window. */
  readonly frame?: Frame;
}

/** How many observations a condition rests on. */
interface CountVariable {
  readonly kind: 'n' | 'baseline_n';
  readonly frame?: Frame;
}

/** A duration that stands in a condition itself, such as `7d`. */
interface DurationVariable {
  readonly kind: 'duration';
  readonly seconds: number;
  readonly frame?: never;
}

interface TextVariable {
  readonly kind: 'text';
  readonly of: 'model' | 'version' | 'segment' | 'feature' | 'featureKind';
}

/** Names that own others: `baseline.mean`. */
export const OWNERS = ['baseline', 'natural', 'lower', 'upper', ...DETECTORS] as const;

/** The tests among the metrics, whose p-value has a name of its own. */
export const TESTS: readonly MetricName[] = [
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
  'label_bias',
];

const BY_SCOPE: Readonly<Record<MetricScope, ReadonlyMap<string, Variable>>> = {
  feature: namesOf('feature'),
  model: namesOf('model'),
};

/**
 * All names that a condition or a template of this scope may use of the group's own window; metrics first, in the order of
 * the metrics table. Those that are numbers may also stand behind the name of another window.
 */
export function variablesOf(scope: MetricScope): ReadonlyMap<string, Variable> {
  return BY_SCOPE[scope];
}

/** What a name means in this scope; undefined when it means nothing. */
export function findVariable(name: string, scope: MetricScope): Variable | undefined {
  const own = BY_SCOPE[scope].get(name);
  if (own !== undefined) return own;
  const dot = name.indexOf('.');
  const frame = dot === -1 ? undefined : frameOf(name.slice(0, dot));
  const framed = frame && BY_SCOPE[scope].get(name.slice(dot + 1));
  return frame === undefined || framed === undefined || framed.kind === 'text' || framed.kind === 'duration'
    ? undefined
    : { ...framed, frame };
}

/** Whether a name is a truth value and no number: its metric says whether something happened. */
export function isTruth(variable: Variable): boolean {
  return variable.kind === 'metric' && METRICS[variable.metric].nature === 'signal';
}

/** Between which values a number lies, whatever the data. */
export function rangeOf(variable: NumberVariable): Range {
  switch (variable.kind) {
    case 'p_value':
      return [0, 1];
    case 'metric':
    case 'baseline':
    case 'lower':
    case 'upper':
      return METRICS[variable.metric].range;
    case 'duration':
      return [variable.seconds, variable.seconds];
    case 'natural':
    case 'n':
    case 'baseline_n':
      return [0, Number.POSITIVE_INFINITY];
  }
}

function namesOf(scope: MetricScope): ReadonlyMap<string, Variable> {
  const metrics = METRIC_NAMES.filter((metric) => METRICS[metric].scope === scope);
  const levels = metrics.filter((metric) => METRICS[metric].nature === 'level');
  const texts = [
    ['model', 'model'],
    ['version', 'version'],
    ['segment', 'segment'],
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
    ...(scope === 'model' ? INTERVAL_METRICS : []).flatMap((metric) =>
      (['lower', 'upper'] as const).map((kind) => [`${kind}.${metric}`, { kind, metric }] as const),
    ),
    ['n', { kind: 'n' }],
    ['baseline_n', { kind: 'baseline_n' }],
    ...texts.map(([name, of]) => [name, { kind: 'text', of }] as const),
  ]);
}
