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

/** The same while it may still be adjusted. */
export interface OpenMetrics extends FeatureMetrics {
  readonly window: Map<MetricName, MetricResult>;
}

/** All metrics of all features of one window. @param reference,current profiles by feature; a feature without one counts as empty. */
export function windowMetrics(
  specs: ReadonlyMap<string, FeatureSpec>,
  reference: ReadonlyMap<string, FeatureProfile>,
  current: ReadonlyMap<string, FeatureProfile>,
  options: DifferenceOptions = {},
): Map<string, FeatureMetrics> {
  const metrics = featureMetrics(specs, reference, current, options);
  adjustTogether([metrics]);
  return metrics;
}

/** Those of each feature by itself, to be adjusted together with others. */
export function featureMetrics(
  specs: ReadonlyMap<string, FeatureSpec>,
  reference: ReadonlyMap<string, FeatureProfile>,
  current: ReadonlyMap<string, FeatureProfile>,
  options: DifferenceOptions,
): Map<string, OpenMetrics> {
  const metrics = new Map<string, OpenMetrics>();
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
  return metrics;
}

/**
 * Adds what depends on how much is looked at together: q-values adjust over the features of all these windows; the model's
 * outputs (prediction and score) are a family of their own, since a rule looks at them apart.
 */
export function adjustTogether(windows: ReadonlyArray<ReadonlyMap<string, OpenMetrics>>): void {
  const all = windows.flatMap((metrics) => [...metrics]);
  for (const outputs of [false, true]) {
    adjustFamily(
      all.filter(([feature]) => isOutputFeature(feature) === outputs).map(([, { window }]) => window),
    );
  }
}

function byName(results: readonly MetricResult[]): Map<MetricName, MetricResult> {
  return new Map(results.map((result) => [result.metric, result]));
}
