import {
  emptyProfile,
  type FeatureProfile,
  type FeatureSpec,
  isOutputFeature,
} from '../profile/feature-spec.ts';
import { type DifferenceOptions, differenceMetrics } from './difference-metrics.ts';
import { adjustFamily } from './family.ts';
import { levelMetrics } from './level-metrics.ts';
import type { MetricResult, MetricResults } from './result.ts';
import { testShares } from './share-tests.ts';
import type { MetricName } from './table.ts';

export interface FeatureMetrics {
  readonly window: MetricResults;
  /** The metrics of nature `level`, of the reference. */
  readonly reference: MetricResults;
}

/**
 * All metrics of all features of one window.
 *
 * q-values adjust over the features of the window; the model's outputs (prediction and score) are a family of their own,
 * since a rule looks at them apart.
 *
 * @param reference,current profiles by feature; a feature without one counts as empty.
 */
export function windowMetrics(
  specs: ReadonlyMap<string, FeatureSpec>,
  reference: ReadonlyMap<string, FeatureProfile>,
  current: ReadonlyMap<string, FeatureProfile>,
  options: DifferenceOptions = {},
): Map<string, FeatureMetrics> {
  const metrics = new Map<string, { window: Map<MetricName, MetricResult>; reference: MetricResults }>();
  for (const [feature, spec] of specs) {
    const before = reference.get(feature) ?? emptyProfile(spec);
    const now = current.get(feature) ?? emptyProfile(spec);
    metrics.set(feature, {
      window: byName([
        ...differenceMetrics(spec, before, now, options),
        ...testShares(levelMetrics(spec, now), before, now),
      ]),
      reference: byName(levelMetrics(spec, before)),
    });
  }
  for (const outputs of [false, true]) {
    adjustFamily(
      [...metrics]
        .filter(([feature]) => isOutputFeature(feature) === outputs)
        .map(([, { window }]) => window),
    );
  }
  return metrics;
}

function byName(results: readonly MetricResult[]): Map<MetricName, MetricResult> {
  return new Map(results.map((result) => [result.metric, result]));
}
