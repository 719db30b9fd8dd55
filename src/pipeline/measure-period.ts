import type { Millis } from '../base/clock.ts';
import { describeChange } from '../metrics/describe-change.ts';
import type { DifferenceOptions } from '../metrics/difference-metrics.ts';
import { type Distributions, distributionsOf } from '../metrics/distributions.ts';
import { estimateFromProfile } from '../metrics/estimate-from-profile.ts';
import { featureShares } from '../metrics/feature-shares.ts';
import { type Maturity, maturityMetrics } from '../metrics/maturity.ts';
import { naturalLimits } from '../metrics/natural-variability.ts';
import { type PerformanceDetails, performanceDetails } from '../metrics/performance-details.ts';
import { labelledCount, modelMetrics } from '../metrics/performance-metrics.ts';
import type { MetricResult, MetricResults } from '../metrics/result.ts';
import { METRICS, type MetricName } from '../metrics/table.ts';
import { type FeatureMetrics, windowMetrics } from '../metrics/window-metrics.ts';
import type { Baseline } from '../profile/baseline.ts';
import {
  eventCount,
  type FeatureProfile,
  type FeatureSpec,
  isOutputFeature,
  MULTIVARIATE_FEATURE,
  SCORE_FEATURE,
} from '../profile/feature-spec.ts';
import { naturalFor } from '../profile/natural-spread.ts';
import type { Period } from '../rules/alert.ts';
import type { WindowMeasurements } from '../rules/measurements.ts';
import type { Rule, RuleGroup } from '../rules/rule.ts';
import { type LabelledPorts, labelledWindow } from './labelled-windows.ts';
import { measureStreams, type StreamPorts } from './measure-streams.ts';
import type { ModelPolicies } from './model-policy.ts';
import { referenceMetrics, segmentReference } from './reference-metrics.ts';
import { loadReference, type ReferenceOf, type VersionProfiles } from './reference-window.ts';

export interface PeriodPorts extends LabelledPorts, StreamPorts {
  readonly policies: ModelPolicies;
  /** @param segment '' for the whole population */
  readonly mergedProfiles: (
    baseline: Baseline,
    model: string,
    period: Period,
    segment: string,
  ) => Promise<VersionProfiles>;
}

/** Whose windows are measured. */
export interface Population {
  readonly group: RuleGroup;
  readonly model: string;
  /** '' for the whole population. */
  readonly segment: string;
  readonly baseline: Baseline;
}

export interface FeatureMeasurements extends WindowMeasurements {
  readonly spec: FeatureSpec;
  readonly natural: ReadonlyMap<MetricName, number>;
  /** One line that says how the distribution changed. */
  readonly change: string | undefined;
  /** Undefined where one of the two samples has no profile. */
  readonly distributions: (() => Distributions | undefined) | undefined;
}

/** What is known of a period; each version is measured when it is asked for. */
export interface PeriodMeasurements {
  readonly profiles: VersionProfiles;
  features(version: string): ReadonlyMap<string, FeatureMeasurements>;
  /** What is known of the model without any label. */
  model(version: string): WindowMeasurements;
}

const BOOTSTRAPPED: MetricName = 'wasserstein';

/** Loads what one period holds of the whole population and what it is compared with. */
export async function measurePeriod(
  population: Population,
  period: Period,
  ports: PeriodPorts,
): Promise<PeriodMeasurements> {
  const { group, model, baseline } = population;
  const merged = (of: Period): Promise<VersionProfiles> => ports.mergedProfiles(baseline, model, of, '');
  const profiles = await merged(period);
  const known = new Map([...baseline.features].map(([name, { reference }]) => [name, reference]));
  const referenceOf = await loadReference(group.against, period, known, profiles, merged);
  const measured = new Map<string, ReadonlyMap<string, FeatureMeasurements>>();
  const features = (version: string): ReadonlyMap<string, FeatureMeasurements> => {
    const known =
      measured.get(version) ?? measureFeatures(population, period, version, profiles, referenceOf);
    measured.set(version, known);
    return known;
  };
  return periodMeasurements(population, ports, profiles, features);
}

/** What is known of a population in a period, from its profiles and from what its features are by version. */
export function periodMeasurements(
  population: Population,
  ports: PeriodPorts,
  profiles: VersionProfiles,
  features: (version: string) => ReadonlyMap<string, FeatureMeasurements>,
): PeriodMeasurements {
  return {
    profiles,
    features,
    model(version) {
      const ofVersion = profiles.get(version);
      const predictions = predictionsIn(ofVersion);
      const counted = modelMetrics(predictions, undefined).get('predictions');
      const shares = namesShares(population.group.rules) ? sharesOf(features(version)) : [];
      const metrics = byName([...(counted === undefined ? [] : [counted]), ...shares]);
      return {
        metrics: withEstimate(population, ports, metrics, ofVersion?.get(SCORE_FEATURE)),
        baselineMetrics: baselineMetrics(population, ports),
        events: predictions,
      };
    },
  };
}

export interface PerformanceMeasurements extends WindowMeasurements {
  readonly maturity: Maturity;
  /** Undefined for a regression. */
  readonly details: PerformanceDetails | undefined;
}

/**
 * How well a model did in a period whose labels are due.
 *
 * @param now the instant of the evaluation, from which its age counts.
 */
export async function measurePerformance(
  population: Population,
  period: Period,
  now: Millis,
  ports: PeriodPorts,
): Promise<{ readonly profiles: VersionProfiles; of(version: string): PerformanceMeasurements }> {
  const { group, model } = population;
  const measured = await measurePeriod(population, period, ports);
  const { profiles } = measured;
  const all = [...profiles.values()].reduce((sum, ofVersion) => sum + predictionsIn(ofVersion), 0);
  const policy = ports.policies(model);
  const labelled = await labelledWindow(policy, model, period, { predictions: all }, ports);
  const streams = await measureStreams(policy.task, model, period, ports);
  return {
    profiles,
    of(version) {
      const predictions = predictionsIn(profiles.get(version));
      const { evidence: known, bias } = labelled(version);
      const judged = modelMetrics(predictions, known);
      const maturity = { predictions, labelled: labelledCount(known), age: Math.max(0, now - period.to) };
      const shares = namesShares(group.rules) ? sharesOf(measured.features(version)) : [];
      const others = byName([...maturityMetrics(maturity), bias, ...shares, ...streams.of(version)]);
      const metrics = new Map([...judged, ...others]);
      return {
        metrics: withEstimate(population, ports, metrics, profiles.get(version)?.get(SCORE_FEATURE)),
        baselineMetrics: baselineMetrics(population, ports),
        events: predictions,
        maturity,
        details: performanceDetails(known),
      };
    },
  };
}

/** Whether any of these rules is about how many features went wrong, for which all have to be measured. */
function namesShares(rules: readonly Rule[]): boolean {
  return rules.some(({ names }) =>
    [...names.values()].some((variable) => {
      const definition = 'metric' in variable ? METRICS[variable.metric] : undefined;
      return definition?.scope === 'model' && definition.nature === 'difference';
    }),
  );
}

function measureFeatures(
  population: Population,
  period: Period,
  version: string,
  profiles: VersionProfiles,
  referenceOf: ReferenceOf,
): ReadonlyMap<string, FeatureMeasurements> {
  const { group, baseline } = population;
  const specs = new Map([...baseline.features].map(([name, { spec }]) => [name, spec]));
  const reference = referenceOf(version);
  const current = profiles.get(version) ?? new Map<string, FeatureProfile>();
  const metrics = windowMetrics(specs, reference, current, optionsFor(group));
  return describedFeatures(population, period, reference, current, metrics);
}

/** Metrics of features with what else there is to say of them. */
export function describedFeatures(
  population: Population,
  period: Period,
  reference: ReadonlyMap<string, FeatureProfile>,
  current: ReadonlyMap<string, FeatureProfile>,
  features: ReadonlyMap<string, FeatureMetrics>,
): ReadonlyMap<string, FeatureMeasurements> {
  const measured = new Map<string, FeatureMeasurements>();
  for (const [feature, metrics] of features) {
    const before = reference.get(feature);
    const now = current.get(feature);
    const spec = population.baseline.features.get(feature)?.spec;
    if (spec === undefined) continue;
    measured.set(feature, {
      spec,
      metrics: metrics.window,
      baselineMetrics: metrics.reference,
      natural: naturalOf(population, period, feature, now),
      events: now === undefined ? 0 : eventCount(now),
      change: before && now ? describeChange(spec, before, now) : undefined,
      distributions: before && now ? () => distributionsOf(spec, before, now) : undefined,
    });
  }
  return measured;
}

/** The bootstrap takes longer than all other metrics together, so it is drawn only for rules that name its p-value. */
export function optionsFor({ rules }: RuleGroup): DifferenceOptions {
  const isNamed = rules.some(({ names }) =>
    [...names.values()].some((variable) => variable.kind === 'p_value' && variable.metric === BOOTSTRAPPED),
  );
  return isNamed ? {} : { draws: 0 };
}

/** How far a window may lie from its baseline as the baseline's own time blocks do; of other references, and of segments, nothing is known. */
function naturalOf(
  { group, baseline, segment }: Population,
  period: Period,
  name: string,
  now: FeatureProfile | undefined,
): ReadonlyMap<MetricName, number> {
  const feature = baseline.features.get(name);
  if (group.against.kind !== 'baseline' || segment !== '') return new Map();
  if (feature === undefined || now === undefined) return new Map();
  const spread = naturalFor(feature.natural, period.to - period.from);
  if (spread === undefined) return new Map();
  return naturalLimits(spread, {
    n: now.n,
    baselineN: feature.reference.n,
    events: eventCount(now),
  });
}

/** Of the inputs alone: outputs are no features, and the one that stands for all numbers is none besides them. */
function sharesOf(features: ReadonlyMap<string, FeatureMeasurements>): MetricResult[] {
  const inputs = [...features].filter(([name]) => !isOutputFeature(name) && name !== MULTIVARIATE_FEATURE);
  return featureShares(inputs.map(([, measured]) => measured));
}

/** Every feature is counted with every prediction, so any of them tells their number; not all models log an output. */
function predictionsIn(profiles: ReadonlyMap<string, FeatureProfile> | undefined): number {
  const [any] = profiles?.values() ?? [];
  return any === undefined ? 0 : eventCount(any);
}

/** What the baseline remembers of a population. */
function baselineMetrics(population: Population, ports: PeriodPorts): MetricResults {
  const { baseline, segment } = population;
  if (segment !== '') {
    const scores = baseline.segments?.known.get(segment)?.references.get(SCORE_FEATURE);
    return withEstimate(population, ports, segmentReference(baseline, segment), scores);
  }
  const scores = baseline.features.get(SCORE_FEATURE)?.reference;
  return withEstimate(population, ports, referenceMetrics(baseline), scores);
}

/** Adds the performance to be expected of these scores: of all of them, and not of the labelled ones alone. */
function withEstimate(
  { model, baseline }: Population,
  { policies }: PeriodPorts,
  metrics: MetricResults,
  scores: FeatureProfile | undefined,
): MetricResults {
  const estimates = estimateFromProfile(baseline, scores, policies(model));
  return new Map([...metrics, ...byName(estimates)]);
}

function byName(results: readonly MetricResult[]): Map<MetricName, MetricResult> {
  return new Map(results.map((result) => [result.metric, result]));
}
