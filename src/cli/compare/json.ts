import type { MetricResult, MetricResults } from '../../metrics/result.ts';
import type { ComparedFeature, Comparison } from '../../pipeline/compare/comparison.ts';

/** A comparison for programs: one JSON object. Numbers that do not exist are null, with a status and a reason. */
export function comparisonJson({
  reference,
  current,
  features,
  multivariate,
  performance,
  notes,
}: Comparison): string {
  return JSON.stringify({
    reference_rows: reference.rows,
    current_rows: current.rows,
    features: byName(features.map((feature) => [feature.name, featureJson(feature)])),
    ...(multivariate !== undefined && { multivariate: featureJson(multivariate) }),
    ...(performance !== undefined && {
      performance: {
        reference: scoresJson(performance.reference),
        current: scoresJson(performance.current),
        reasons: {
          reference: reasonsJson(performance.reference),
          current: reasonsJson(performance.current),
        },
      },
    }),
    drifted_features: features.filter(({ drifted }) => drifted).map(({ name }) => name),
    notes,
  });
}

function featureJson(feature: ComparedFeature): object {
  return {
    kind: feature.kind,
    role: feature.role,
    status: feature.status,
    reason: feature.reason,
    n: feature.n,
    baseline_n: feature.baselineN,
    drifted: feature.drifted,
    alerts: feature.alerts,
    change: feature.change ?? null,
    ...(feature.natural !== undefined &&
      feature.natural.size > 0 && { natural: byName([...feature.natural]) }),
    metrics: metricsJson(feature.metrics, feature.referenceMetrics),
  };
}

/** The metrics of the current table; those that describe one sample alone have the reference's beside them. */
function metricsJson(metrics: MetricResults, reference: MetricResults): object {
  return byName(
    Array.from(metrics.values(), (result) => [
      result.metric,
      { ...metricJson(result), ...baselineJson(reference.get(result.metric)) },
    ]),
  );
}

function metricJson(result: MetricResult): object {
  if (result.status !== 'ok') return { value: null, status: result.status, reason: result.reason };
  const { value, n, baselineN, method } = result;
  return {
    value,
    ...(result.pValue !== undefined && { p_value: result.pValue }),
    n,
    ...(baselineN > 0 && { baseline_n: baselineN }),
    method,
  };
}

function baselineJson(result: MetricResult | undefined): object {
  return result === undefined ? {} : { baseline_value: result.status === 'ok' ? result.value : null };
}

function scoresJson(scores: readonly MetricResult[]): object {
  return byName(scores.map((score) => [score.metric, score.status === 'ok' ? score.value : null]));
}

function reasonsJson(scores: readonly MetricResult[]): object {
  return byName(scores.flatMap((score) => (score.status === 'ok' ? [] : [[score.metric, score.reason]])));
}

/** Without a prototype: a column may be called `__proto__`. */
function byName(entries: ReadonlyArray<readonly [string, unknown]>): object {
  const object: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const [name, value] of entries) object[name] = value;
  return object;
}
