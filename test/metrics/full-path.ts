import { expect } from 'vitest';
import type { PredictionEvent } from '../../src/event/events.ts';
import type { MetricResult } from '../../src/metrics/result.ts';
import type { MetricName } from '../../src/metrics/table.ts';
import { type FeatureMetrics, windowMetrics } from '../../src/metrics/window-metrics.ts';
import { type Baseline, readBaseline, writeBaseline } from '../../src/profile/baseline.ts';
import { BaselineBuilder, BaselineSurvey } from '../../src/profile/baseline-builder.ts';
import { EventReader } from '../../src/profile/event-reader.ts';
import { emptyProfile, type FeatureProfile, recorderFor } from '../../src/profile/feature-spec.ts';
import { type DeclaredKinds, NOTHING_DECLARED } from '../../src/profile/feature-survey.ts';

export type Columns = Readonly<Record<string, readonly unknown[]>>;

/** One event a row; a column that is shorter than the others is absent from the last rows. */
export function eventsOf(columns: Columns): PredictionEvent[] {
  const rows = Math.max(0, ...Object.values(columns).map((values) => values.length));
  return Array.from({ length: rows }, (_, row) => {
    const entries = Object.entries(columns).filter(([, values]) => row < values.length);
    return predictionWith(Object.fromEntries(entries.map(([name, values]) => [name, values[row]])));
  });
}

export function predictionWith(
  features: Readonly<Record<string, unknown>>,
  fields: Partial<PredictionEvent> = {},
): PredictionEvent {
  return {
    kind: 'prediction',
    model: 'fraud',
    version: '7',
    timestamp: 1_795_334_400_000,
    predictionId: undefined,
    features,
    prediction: undefined,
    score: undefined,
    label: undefined,
    ...fields,
  };
}

/** Makes a baseline in two passes and brings it to text and back, as the store does. */
export function baselineOf(
  events: readonly PredictionEvent[],
  declared: DeclaredKinds = NOTHING_DECLARED,
): Baseline {
  const survey = new BaselineSurvey(declared);
  for (const event of events) survey.add(event);
  const builder = new BaselineBuilder(survey.specs(), survey.derived());
  for (const event of events) builder.add(event);
  const made = builder.finish({ model: 'fraud', version: '7', pane: 300_000, performance: new Map() });
  return readBaseline(writeBaseline(made));
}

/** Profiles events under a baseline, every new category by name. */
export function profilesOf(
  baseline: Baseline,
  events: readonly PredictionEvent[],
): Map<string, FeatureProfile> {
  const reader = new EventReader(baseline.features.keys(), baseline.derivations);
  const features = reader.features.map((name) => {
    const spec = baseline.features.get(name)?.spec;
    if (spec === undefined) throw new Error(`${name} is not profiled`);
    return { name, record: recorderFor(spec), profile: emptyProfile(spec) };
  });
  for (const event of events) {
    reader.read(event);
    for (const [i, { record, profile }] of features.entries()) record(profile, reader.values[i], () => true);
  }
  return new Map(features.map(({ name, profile }) => [name, profile]));
}

/** Everything between raw values and metrics: survey, baseline, text, profiles, comparison. */
export function measure(
  reference: Columns,
  current: Columns,
  declared: DeclaredKinds = NOTHING_DECLARED,
): Map<string, FeatureMetrics> {
  const baseline = baselineOf(eventsOf(reference), declared);
  const specs = new Map([...baseline.features].map(([name, { spec }]) => [name, spec]));
  const references = new Map([...baseline.features].map(([name, feature]) => [name, feature.reference]));
  return windowMetrics(specs, references, profilesOf(baseline, eventsOf(current)));
}

export type Measured = ReadonlyMap<MetricName, MetricResult>;

/** The metrics of one column of numbers or categories. */
export function measureColumn(reference: readonly unknown[], current: readonly unknown[]): Measured {
  const metrics = measure({ x: reference }, { x: current }).get('x');
  if (metrics === undefined) throw new Error('the feature has no metrics');
  return metrics.window;
}

/** The value of a metric; fails the test with the reason when there is none. */
export function metricValue(metrics: Measured, name: MetricName): number {
  return okResult(metrics, name).value;
}

export function metricPValue(metrics: Measured, name: MetricName): number {
  const { pValue } = okResult(metrics, name);
  if (pValue === undefined) throw new Error(`${name} has no p-value`);
  return pValue;
}

function okResult(metrics: Measured, name: MetricName): Extract<MetricResult, { status: 'ok' }> {
  const result = metrics.get(name);
  if (result?.status !== 'ok') throw new Error(`${name}: ${result?.reason ?? 'is not there'}`);
  return result;
}

export function expectNoValue(metrics: Measured, name: MetricName, status: MetricResult['status']): void {
  expect(metrics.get(name)).toMatchObject({ status, reason: expect.stringMatching(/\w/) });
}
