import type { MetricResult, MetricResults } from './result.ts';
import type { MetricName } from './table.ts';

/** One feature of a window, as far as it matters how many of its kind went wrong. */
export interface JudgedFeature {
  readonly metrics: MetricResults;
  /** The metrics of nature `level`, of the reference. */
  readonly baselineMetrics: MetricResults;
  /** How far the baseline's own time blocks differ; what is not there counts as 0. */
  readonly natural: ReadonlyMap<MetricName, number>;
}

/**
 * How many features of a window drifted, and how many lost values, as the rules that ship with driftd see it.
 *
 * Drifted: q_value below 0.01, and psi_adjusted or effect_size above both 0.1 and its natural variability.
 * Degraded: missing values two points, or invalid ones one point, above the reference and above their natural variability,
 * with a q-value below 0.001.
 *
 * @returns features, drifted_features, drifted_share, degraded_features and degraded_share.
 */
export function featureShares(features: readonly JudgedFeature[]): MetricResult[] {
  const drifted = features.map(hasDrifted);
  const degraded = features.map(isDegraded);
  const judged = drifted.filter((verdict) => verdict !== undefined).length;
  return [
    counted('features', judged, features.length),
    ...countAndShare('drifted_features', 'drifted_share', drifted, 'no feature has a q_value'),
    ...countAndShare('degraded_features', 'degraded_share', degraded, 'no feature has any events'),
  ];
}

/** Undefined without a verdict. */
function hasDrifted({ metrics, natural }: JudgedFeature): boolean | undefined {
  const q = numberOf(metrics, 'q_value');
  if (q === undefined) return undefined;
  const isLarge = (metric: MetricName): boolean =>
    (numberOf(metrics, metric) ?? 0) > Math.max(0.1, natural.get(metric) ?? 0);
  return q < 0.01 && (isLarge('psi_adjusted') || isLarge('effect_size'));
}

function isDegraded(feature: JudgedFeature): boolean | undefined {
  if (numberOf(feature.metrics, 'missing_share') === undefined) return undefined;
  return (
    hasRisen(feature, 'missing_share', 'missing_q_value', 0.02) ||
    hasRisen(feature, 'invalid_share', 'invalid_q_value', 0.01)
  );
}

function hasRisen(
  { metrics, baselineMetrics, natural }: JudgedFeature,
  share: MetricName,
  test: MetricName,
  margin: number,
): boolean {
  const now = numberOf(metrics, share);
  const before = numberOf(baselineMetrics, share);
  const q = numberOf(metrics, test);
  if (now === undefined || before === undefined || q === undefined) return false;
  return now > Math.max(before + margin, natural.get(share) ?? 0) && q < 0.001;
}

function numberOf(metrics: MetricResults, name: MetricName): number | undefined {
  const result = metrics.get(name);
  return result?.status === 'ok' ? result.value : undefined;
}

function countAndShare(
  count: MetricName,
  share: MetricName,
  verdicts: ReadonlyArray<boolean | undefined>,
  nothing: string,
): MetricResult[] {
  const judged = verdicts.filter((verdict) => verdict !== undefined).length;
  const hits = verdicts.filter((verdict) => verdict === true).length;
  const method = `${count} divided by the features with a verdict`;
  const about = { metric: share, n: judged, baselineN: 0, method };
  return [
    counted(count, hits, judged),
    judged === 0
      ? { ...about, status: 'not_enough_data', reason: nothing }
      : { ...about, status: 'ok', value: hits / judged },
  ];
}

function counted(metric: MetricName, value: number, n: number): MetricResult {
  return { metric, n, baselineN: 0, method: 'count', status: 'ok', value };
}
