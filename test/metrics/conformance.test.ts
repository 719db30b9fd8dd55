import { describe, expect, it } from 'vitest';
import { binnedPair } from '../../src/metrics/binned.ts';
import { LabelledEvidenceBuilder, type PerformancePolicy } from '../../src/metrics/labelled-evidence.ts';
import { performance } from '../../src/metrics/performance-metrics.ts';
import type { MetricResult } from '../../src/metrics/result.ts';
import type { MetricName } from '../../src/metrics/table.ts';
import { kolmogorovPValue } from '../../src/stats/hypothesis/kolmogorov-p-value.ts';
import { medianAbsoluteError } from '../../src/stats/score/median-absolute-error.ts';
import {
  type CategoricalCase,
  categoricalCases,
  numericCases,
  performanceCases,
} from '../stats/conformance-cases.ts';
import { expectClose } from '../stats/expect-computed.ts';
import { expectSameVerdict } from '../stats/expect-same-verdict.ts';
import { momentsOf } from '../stats/regression-cases.ts';
import { countsOf } from '../stats/score-cases.ts';
import { exactDistances, meanOf, stdOf } from './exact-distances.ts';
import {
  baselineOf,
  eventsOf,
  expectNoValue,
  type Measured,
  measureColumn,
  metricPValue,
  metricValue,
  profilesOf,
} from './full-path.ts';
import { numericPairs } from './numeric-pairs.ts';

const GRID_CELLS = 500;

const BINNED = [
  'psi',
  'kl',
  'js_distance',
  'hellinger',
  'total_variation',
  'l_infinity',
] as const satisfies readonly MetricName[];

/** Exact to 1e-9 of the value; where cancellation in the published number itself costs more, to 1e-15. */
function expectExact(actual: number, expected: number): void {
  if (Math.abs(actual - expected) > 1e-15) expectClose(actual, expected);
}

interface Expected {
  readonly ks: number;
  readonly wasserstein: number;
  readonly std: number;
}

/** The promises about what is read off the grid. */
function expectDistances(metrics: Measured, expected: Expected): void {
  const { ks, wasserstein, std } = expected;
  const rounding = 1e-12;
  expect(metricValue(metrics, 'ks')).toBeGreaterThanOrEqual(ks - 1 / GRID_CELLS - rounding);
  expect(metricValue(metrics, 'ks')).toBeLessThanOrEqual(ks + rounding);
  const tolerance = wasserstein < 0.01 * std ? 0.01 * std : 0.02 * wasserstein;
  const distance = metricValue(metrics, 'wasserstein');
  expect(Math.abs(distance - wasserstein), `${distance} against ${wasserstein}`).toBeLessThanOrEqual(
    tolerance,
  );
  if (std === 0) expectNoValue(metrics, 'wasserstein_normalized', 'undefined');
  else expectClose(metricValue(metrics, 'wasserstein_normalized'), distance / std);
}

describe('the published numeric cases, from raw values to metrics', () => {
  it.each(numericCases())('$name: decile cells and their counts', ({ reference, current, expected }) => {
    const baseline = baselineOf(eventsOf({ x: reference }));
    const feature = baseline.features.get('x');
    const profile = profilesOf(baseline, eventsOf({ x: current })).get('x');
    if (feature?.spec.kind !== 'numeric' || profile === undefined) throw new Error('not a numeric feature');
    const { edges, decilePositions } = feature.spec.grid;
    const deciles = decilePositions.map((position) => edges[position] as number);
    expect(deciles).toHaveLength(expected.decile_edges.length);
    deciles.forEach((edge, i) => {
      expectExact(edge, expected.decile_edges[i] as number);
    });
    const pair = binnedPair(feature.spec, feature.reference, profile);
    expect([...pair.reference]).toEqual(expected.ref_counts);
    expect([...pair.current]).toEqual(expected.cur_counts);
  });

  it.each(numericCases())('$name: binned metrics', ({ reference, current, expected }) => {
    const metrics = measureColumn(reference, current);
    for (const name of BINNED) expectExact(metricValue(metrics, name), expected[name]);
  });

  it.each(numericCases())('$name: distances read off the grid', ({ reference, current, expected }) => {
    const metrics = measureColumn(reference, current);
    expectDistances(metrics, { ...expected, std: expected.std_ref });
    expectSameVerdict(metricPValue(metrics, 'ks'), expected.ks_p_value);
    expect(metrics.get('ks')).toMatchObject({ n: current.length, baselineN: reference.length });
  });
});

describe('pairs of samples of our own, against the exact distances', () => {
  it.each(numericPairs())('$name', ({ reference, current }) => {
    const metrics = measureColumn(reference, current);
    const exact = exactDistances(reference, current);
    const std = reference.length < 2 || exact.wasserstein === 0 ? 0 : stdOf(reference);
    if (reference.length >= 2 && std > 0) expectDistances(metrics, { ...exact, std });
    else expectClose(metricValue(metrics, 'wasserstein'), exact.wasserstein, 0.02);
    expectSameVerdict(
      metricPValue(metrics, 'ks'),
      kolmogorovPValue(exact.ks, current.length, reference.length),
    );
    const mean = meanOf(current);
    expect(Math.abs(metricValue(metrics, 'mean') - mean)).toBeLessThanOrEqual(1e-9 * (Math.abs(mean) + std));
    expect(metricValue(metrics, 'min')).toBe(current.reduce((a, b) => Math.min(a, b)));
    expect(metricValue(metrics, 'max')).toBe(current.reduce((a, b) => Math.max(a, b)));
  });
});

describe('the published categorical cases, from raw values to metrics', () => {
  const rows = (counts: CategoricalCase['reference']): string[] =>
    Object.entries(counts).flatMap(([category, count]) => new Array<string>(count).fill(category));

  it.each(categoricalCases())('$name', ({ reference, current, expected }) => {
    const metrics = measureColumn(rows(reference), rows(current));
    for (const name of BINNED) expectExact(metricValue(metrics, name), expected[name]);
    expectClose(metricValue(metrics, 'chi2'), expected.chi2);
    expectClose(metricPValue(metrics, 'chi2'), expected.chi2_p_value);
    expectClose(metricValue(metrics, 'g_test'), expected.g_test);
    expectClose(metricValue(metrics, 'cramers_v'), expected.cramers_v);
    expectClose(metricValue(metrics, 'unseen_share'), expected.new_category_share);
  });
});

/** Their names of our metrics, where they differ. */
const RENAMED: Readonly<Record<string, MetricName>> = {
  ece_10_equal_width: 'ece',
  estimated_accuracy_cbpe: 'estimated_accuracy',
};

/** Every published value must be met; `null` stands for a reason. */
function expectPerformance(results: readonly MetricResult[], expected: PublishedPerformance): void {
  const metrics: Measured = new Map(results.map((result) => [result.metric, result]));
  for (const [name, value] of Object.entries(expected)) {
    const metric = RENAMED[name] ?? (name as MetricName);
    if (value === null) expect(metrics.get(metric)?.status, name).not.toBe('ok');
    else expectExact(metricValue(metrics, metric), value);
  }
}

type PublishedPerformance = Readonly<Record<string, number | null>>;

describe('the published performance, from events one by one and from counts', () => {
  const binary: PerformancePolicy = { task: 'classification', positive: undefined, threshold: 0.5 };

  it.each(performanceCases().binary)('$name', ({ labels, scores, threshold, expected }) => {
    const { tp, fp, fn, tn, ...published } = expected;
    const builder = new LabelledEvidenceBuilder({ ...binary, threshold });
    labels.forEach((label, i) => {
      builder.add({ prediction: undefined, score: scores[i], label });
    });
    expectPerformance(builder.results(), published);

    const cells = [
      { prediction: '1', label: '1', count: tp as number },
      { prediction: '1', label: '0', count: fp as number },
      { prediction: '0', label: '1', count: fn as number },
      { prediction: '0', label: '0', count: tn as number },
    ];
    const evidence = builder.evidence();
    if (evidence.task !== 'classification') throw new Error('it is a classification');
    expect(evidence.byThreshold?.toSorted((a, b) => orderOf(a) - orderOf(b))).toEqual([
      { label: '1', above: tp, below: 0 },
      { label: '0', above: fp, below: 0 },
      { label: '1', above: 0, below: fn },
      { label: '0', above: 0, below: tn },
    ]);
    const counts = countsOf(scores, labels);
    const scored = { counts, step: 0 };
    expectPerformance(
      performance({ task: 'classification', cells, positive: '1', threshold, scores: scored }),
      published,
    );
  });

  it.each(performanceCases().multiclass)('$name', ({ labels, predictions, expected }) => {
    const builder = new LabelledEvidenceBuilder(binary);
    labels.forEach((label, i) => {
      builder.add({ prediction: predictions[i], score: undefined, label });
    });
    expectPerformance(builder.results(), expected);
    const cells = labels.map((label, i) => ({ prediction: predictions[i] as string, label, count: 1 }));
    expectPerformance(performance({ task: 'classification', cells, positive: undefined }), expected);
  });

  it.each(performanceCases().regression)('$name', ({ labels, predictions, expected }) => {
    const builder = new LabelledEvidenceBuilder({ ...binary, task: 'regression' });
    labels.forEach((label, i) => {
      builder.add({ prediction: predictions[i], score: undefined, label });
    });
    expectPerformance(builder.results(), expected);
    const median = medianAbsoluteError({
      errors: labels.map((label, i) => Math.abs((predictions[i] as number) - label)).sort((a, b) => a - b),
      counts: labels.map(() => 1),
    });
    expectPerformance(
      performance({
        task: 'regression',
        moments: momentsOf(predictions, labels),
        medianAbsoluteError: median,
      }),
      expected,
    );
  });

  /** Above before below, the positive label before the other. */
  function orderOf({ label, above }: { readonly label: string; readonly above: number }): number {
    return (above > 0 ? 0 : 2) + (label === '1' ? 0 : 1);
  }
});
