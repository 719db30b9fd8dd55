import { describe, expect, it } from 'vitest';
import { binnedPair } from '../../src/metrics/binned.ts';
import type { MetricName } from '../../src/metrics/table.ts';
import { kolmogorovPValue } from '../../src/stats/hypothesis/kolmogorov-p-value.ts';
import { type CategoricalCase, categoricalCases, numericCases } from '../stats/conformance-cases.ts';
import { expectClose } from '../stats/expect-computed.ts';
import { expectSameVerdict } from '../stats/expect-same-verdict.ts';
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
    expect(metricValue(metrics, 'p_value')).toBe(metricPValue(metrics, 'ks'));
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
    expectClose(metricValue(metrics, 'p_value'), expected.chi2_p_value);
    expectClose(metricValue(metrics, 'g_test'), expected.g_test);
    expectClose(metricValue(metrics, 'cramers_v'), expected.cramers_v);
    expectClose(metricValue(metrics, 'unseen_share'), expected.new_category_share);
  });
});
