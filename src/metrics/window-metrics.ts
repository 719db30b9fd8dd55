import {
  emptyProfile,
  type FeatureProfile,
  type FeatureSpec,
  isOutputFeature,
} from '../profile/feature-spec.ts';
import { benjaminiHochberg } from '../stats/hypothesis/benjamini-hochberg.ts';
import { differenceMetrics } from './difference-metrics.ts';
import { levelMetrics } from './level-metrics.ts';
import type { MetricResult, MetricResults } from './result.ts';
import type { MetricName } from './table.ts';

export interface FeatureMetrics {
  readonly window: MetricResults;
  /** The metrics of nature `level`, of the reference. */
  readonly reference: MetricResults;
}

/**
 * All metrics of all features of one window.
 *
 * q_value adjusts over the features of the window; the model's outputs (prediction and score) are a family of their own,
 * since a rule looks at them apart.
 *
 * @param reference,current profiles by feature; a feature without one counts as empty.
 */
export function windowMetrics(
  specs: ReadonlyMap<string, FeatureSpec>,
  reference: ReadonlyMap<string, FeatureProfile>,
  current: ReadonlyMap<string, FeatureProfile>,
): Map<string, FeatureMetrics> {
  const metrics = new Map<string, { window: Map<MetricName, MetricResult>; reference: MetricResults }>();
  for (const [feature, spec] of specs) {
    const before = reference.get(feature) ?? emptyProfile(spec);
    const now = current.get(feature) ?? emptyProfile(spec);
    metrics.set(feature, {
      window: byName([...differenceMetrics(spec, before, now), ...levelMetrics(spec, now)]),
      reference: byName(levelMetrics(spec, before)),
    });
  }
  for (const outputs of [false, true]) {
    adjust(
      [...metrics]
        .filter(([feature]) => isOutputFeature(feature) === outputs)
        .map(([, { window }]) => window),
    );
  }
  return metrics;
}

/** Adds q_value to every feature of one family. */
function adjust(family: ReadonlyArray<Map<MetricName, MetricResult>>): void {
  const tested = family.flatMap((window) => {
    const p = window.get('p_value');
    return p?.status === 'ok' ? [{ window, p }] : [];
  });
  const adjusted = benjaminiHochberg(tested.map(({ p }) => p.value));
  tested.forEach(({ window, p }, i) => {
    const method = `Benjamini-Hochberg over ${tested.length} features, of ${p.method}`;
    window.set('q_value', { ...p, metric: 'q_value', method, value: adjusted[i] as number });
  });
  for (const window of family) {
    const p = window.get('p_value');
    if (p !== undefined && p.status !== 'ok') window.set('q_value', { ...p, metric: 'q_value' });
  }
}

function byName(results: readonly MetricResult[]): Map<MetricName, MetricResult> {
  return new Map(results.map((result) => [result.metric, result]));
}
