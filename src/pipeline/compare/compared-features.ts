import { describeChange } from '../../metrics/describe-change.ts';
import { pictureOf } from '../../metrics/picture.ts';
import type { MetricResults } from '../../metrics/result.ts';
import { METRICS } from '../../metrics/table.ts';
import { type FeatureMetrics, windowMetrics } from '../../metrics/window-metrics.ts';
import {
  eventCount,
  type FeatureProfile,
  type FeatureSpec,
  MULTIVARIATE_FEATURE,
  PREDICTION_FEATURE,
  SCORE_FEATURE,
} from '../../profile/feature-spec.ts';
import type { RuleGroup } from '../../rules/rule.ts';
import type { ComparedFeature } from './comparison.ts';
import { alertsFor } from './judge.ts';
import { columnOf, type NamedColumns } from './named-columns.ts';
import { limitsOf, spreadFor } from './natural-limits.ts';
import type { CountingPlan, TableCounts } from './table-counts.ts';
import { ANYTHING } from './table-survey.ts';

export interface CountedTables {
  readonly named: NamedColumns;
  readonly plan: CountingPlan;
  /** Features that cannot be compared, and why. */
  readonly incomparable: ReadonlyMap<string, string>;
  readonly reference: TableCounts;
  readonly current: TableCounts;
  /** False for a column that the current table does not have at all. */
  readonly isInCurrent: (column: string) => boolean;
  readonly rules: readonly RuleGroup[];
}

/** All features of the reference, each judged whatever becomes of the others. */
export function comparedFeatures(tables: CountedTables): ComparedFeature[] {
  const { plan, reference, current, incomparable } = tables;
  const specs = new Map(
    Array.from(plan.features, ([feature, { spec }]) => [feature, spec] as const).filter(
      ([feature]) => !incomparable.has(feature),
    ),
  );
  const metrics = windowMetrics(specs, reference.profiles, current.profiles);
  const features = Array.from(specs, ([feature, spec]) => {
    const measured = metrics.get(feature);
    if (measured === undefined) throw new TypeError(`no metrics of ${feature}`);
    return comparedFeature(tables, feature, spec, measured);
  });
  const broken = features.find((feature) => feature.role === 'feature' && hasOtherGaps(feature));
  return broken === undefined
    ? features
    : features.map((feature) => (feature.role === 'multivariate' ? unjudged(feature, broken.name) : feature));
}

/** Shares of missing or invalid values that differ by more than this say that a column is broken in one of the tables. */
const GAP = 0.02;

/** Such a column stands for its mean in one of the tables, and that moves all numbers together. */
function hasOtherGaps({ kind, metrics, referenceMetrics }: ComparedFeature): boolean {
  return (
    kind === 'numeric' &&
    (['missing_share', 'invalid_share'] as const).some((metric) => {
      const [now, before] = [metrics.get(metric), referenceMetrics.get(metric)];
      return now?.status === 'ok' && before?.status === 'ok' && Math.abs(now.value - before.value) > GAP;
    })
  );
}

/** One broken column is one finding. */
function unjudged(feature: ComparedFeature, because: string): ComparedFeature {
  const reason = `${because} lacks values in one of the tables, which moves all numbers together`;
  return { ...feature, status: 'undefined', reason, drifted: false, alerts: [] };
}

function comparedFeature(
  { named, plan, reference, current, isInCurrent, rules }: CountedTables,
  feature: string,
  spec: FeatureSpec,
  { window, reference: referenceMetrics }: FeatureMetrics,
): ComparedFeature {
  const before = reference.profiles.get(feature) as FeatureProfile;
  const now = current.profiles.get(feature) as FeatureProfile;
  const example = current.examples.get(feature);
  const name = columnOf(feature, named);
  const column = plan.features.get(feature)?.column;
  const reason =
    column === undefined || isInCurrent(column)
      ? whyNothing(spec, before, now, example)
      : 'the current table has no such column';
  const verdict = window.get('p_value');
  const tooFew = verdict?.status === 'not_enough_data' ? verdict.reason : undefined;
  const blocks = current.from <= current.to ? reference.blocksOf(feature) : undefined;
  const spread = blocks && spreadFor({ spec, reference: before }, blocks, current.to - current.from);
  const natural = limitsOf(spread, { n: now.n, baselineN: before.n, events: eventCount(now) });
  const alerts = alertsFor(rules, feature, {
    model: '',
    version: '',
    feature,
    featureKind: spec.kind,
    metrics: window,
    baselineMetrics: referenceMetrics,
    natural,
    events: eventCount(now),
  });
  return {
    name,
    kind: spec.kind,
    role: roleOf(feature),
    status: reason !== undefined ? 'no_data' : tooFew !== undefined ? 'not_enough_data' : 'ok',
    reason: reason ?? tooFew ?? null,
    n: now.n,
    baselineN: before.n,
    drifted: alerts.length > 0,
    alerts,
    metrics: window,
    referenceMetrics,
    natural,
    change: changeOf(spec, before, now, example),
    picture: pictureOf(spec, before, now),
  };
}

/** Columns that only the current table has: there is nothing to compare them with, and that alone is no drift. */
export function newFeatures(current: TableCounts): ComparedFeature[] {
  const { newColumns, rows } = current;
  return newColumns.names.map((name) => {
    const kind = newColumns.kindOf(name);
    const now = newColumns.profileOf(name, rows);
    const metrics = windowMetrics(new Map([[name, ANYTHING]]), new Map(), new Map([[name, now]])).get(name);
    return {
      ...nothingKnown(name, kind, 'no_data', 'the reference has no such column'),
      n: now.n,
      metrics: ofAnyKind(metrics?.window ?? new Map()),
      referenceMetrics: ofAnyKind(metrics?.reference ?? new Map()),
    };
  });
}

/** Columns that differ between any two tables: dates and times, identifiers. */
export function incomparableFeature(
  name: string,
  kind: ComparedFeature['kind'],
  reason: string,
): ComparedFeature {
  return nothingKnown(name, kind, 'undefined', reason);
}

function nothingKnown(
  name: string,
  kind: ComparedFeature['kind'],
  status: ComparedFeature['status'],
  reason: string,
): ComparedFeature {
  return {
    name,
    kind,
    role: 'feature',
    status,
    reason,
    n: 0,
    baselineN: 0,
    drifted: false,
    alerts: [],
    metrics: new Map(),
    referenceMetrics: new Map(),
    change: undefined,
    picture: undefined,
  };
}

function ofAnyKind(metrics: MetricResults): MetricResults {
  return new Map([...metrics].filter(([metric]) => METRICS[metric].kinds === 'any'));
}

function roleOf(feature: string): ComparedFeature['role'] {
  if (feature === PREDICTION_FEATURE) return 'prediction';
  if (feature === SCORE_FEATURE) return 'score';
  return feature === MULTIVARIATE_FEATURE ? 'multivariate' : 'feature';
}

function whyNothing(
  spec: FeatureSpec,
  before: FeatureProfile,
  now: FeatureProfile,
  example: string | undefined,
): string | undefined {
  if (before.n === 0 && now.n === 0 && now.invalid === 0) return 'neither table has a value in this column';
  if (before.n === 0) return 'the reference has no value in this column';
  if (now.n > 0) return undefined;
  if (now.invalid === 0) return 'the current table has no value in this column';
  return `the current table has no ${valueWord(spec)} in this column, but values such as ${quoted(example)}`;
}

function changeOf(
  spec: FeatureSpec,
  before: FeatureProfile,
  now: FeatureProfile,
  example: string | undefined,
): string | undefined {
  const invalid = now.invalid / eventCount(now);
  const parts = [
    ...(now.invalid > 0
      ? [`${percent(invalid)} of the values are no ${valueWord(spec)}s, such as ${quoted(example)}`]
      : []),
    describeChange(spec, before, now) ?? [],
  ].flat();
  return parts.length === 0 ? undefined : parts.join('; ');
}

function valueWord(spec: FeatureSpec): string {
  return spec.kind === 'numeric' ? 'number' : 'text';
}

function quoted(example: string | undefined): string {
  return example === undefined ? 'none that can be shown' : JSON.stringify(example);
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))}%`;
}
