import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differenceMetrics } from '../../src/metrics/difference-metrics.ts';
import { FAMILY_METRICS, METRIC_NAMES, METRICS } from '../../src/metrics/table.ts';
import { emptyProfile, type FeatureSpec } from '../../src/profile/feature-spec.ts';
import { buildGrid } from '../../src/profile/grid.ts';
import { psiAdjusted } from '../../src/stats/divergence/psi-adjusted.ts';
import { sampleArbitrary } from '../profile/number-arbitrary.ts';
import { fold } from '../profile/profiles.ts';
import { expectNoValue, type Measured, measureColumn, metricPValue, metricValue } from './full-path.ts';

const NUMERIC: FeatureSpec = { kind: 'numeric', grid: buildGrid([1, 2, 3]) };
const CATEGORIES: FeatureSpec = {
  kind: 'categorical',
  categories: ['a', 'b'],
  acceptsNumbers: false,
  complete: true,
};

function differences(
  spec: FeatureSpec,
  reference: readonly unknown[],
  current: readonly unknown[],
): Measured {
  const results = differenceMetrics(spec, fold(spec, reference), fold(spec, current));
  return new Map(results.map((result) => [result.metric, result]));
}

describe('differenceMetrics', () => {
  it.each([
    ['numeric', NUMERIC, [1, 2]],
    ['categorical', CATEGORIES, ['a', 'b']],
  ] as const)(
    'gives every difference metric of a %s feature but those of the family',
    (kind, spec, values) => {
      const expected = METRIC_NAMES.filter((name) => {
        const { scope, nature, kinds } = METRICS[name];
        return scope === 'feature' && nature === 'difference' && (kinds === 'any' || kinds === kind);
      }).filter((name) => !FAMILY_METRICS.includes(name));
      expect([...differences(spec, values, values).keys()].sort()).toEqual([...expected].sort());
    },
  );

  it.each([
    ['the window has no events', [1, 2], []],
    ['the window has no valid value of this feature', [1, 2], [null, 'x']],
    ['the reference has no valid value of this feature', [null], [1, 2]],
  ])('gives no number when %s', (reason, reference, current) => {
    for (const result of differences(NUMERIC, reference, current).values()) {
      expect(result).toMatchObject({ status: 'no_data', reason });
    }
  });

  it('gives a number or a reason for any two samples, and never NaN', () => {
    fc.assert(
      fc.property(sampleArbitrary(200), sampleArbitrary(200), (reference, current) => {
        const spec: FeatureSpec = { kind: 'numeric', grid: buildGrid(reference) };
        for (const result of differences(spec, reference, current).values()) {
          expect(result).toMatchObject({ n: current.length, baselineN: reference.length });
          if (result.status !== 'ok')
            expect(result).toMatchObject({ status: 'undefined', reason: expect.any(String) });
          else {
            const signed = result.metric === 'mood';
            expect(Number.isFinite(result.value) && (signed || result.value >= 0)).toBe(true);
          }
        }
      }),
      { numRuns: 100 },
    );
  });

  it('gives a number or a reason for any two lists of categories', () => {
    const values = fc.array(fc.oneof(fc.constantFrom('a', 'b', 'c', '', null, 3), fc.string()), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(values, values, (reference, current) => {
        for (const result of differences(CATEGORIES, reference, current).values()) {
          if (result.status === 'ok') expect(Number.isFinite(result.value) && result.value >= 0).toBe(true);
          else expect(result.reason).toMatch(/\w/);
        }
      }),
    );
  });

  it('finds nothing between a sample and itself', () => {
    const sample = Array.from({ length: 500 }, (_, i) => Math.sin(i));
    const metrics = measureColumn(sample, sample);
    for (const name of [
      'psi',
      'psi_adjusted',
      'js_distance',
      'ks',
      'wasserstein',
      'chi2',
      'cramers_v',
    ] as const) {
      expect(metricValue(metrics, name)).toBe(0);
    }
    expect(metricPValue(metrics, 'ks')).toBe(1);
  });

  it('subtracts from psi what noise alone gives', () => {
    const metrics = differences(CATEGORIES, [...'aaaabb'], [...'abbbbb']);
    expect(metricValue(metrics, 'psi_adjusted')).toBe(psiAdjusted(metricValue(metrics, 'psi'), 2, 6, 6));
  });

  it('decides about numbers by three times the smallest of three tests', () => {
    const numbers = differences(NUMERIC, [1, 2, 3, 4, 5, 6], [4, 5, 6, 7]);
    const smallest = Math.min(
      ...(['ks', 'mann_whitney', 'mood'] as const).map((test) => metricPValue(numbers, test)),
    );
    expect(metricValue(numbers, 'p_value')).toBe(3 * smallest);
    expect(numbers.get('p_value')?.method).toBe(
      '3 times the smallest of Kolmogorov-Smirnov, Mann-Whitney, Mood: Mann-Whitney',
    );
  });

  it('decides about two categories by the exact test', () => {
    const categories = differences(CATEGORIES, [...'aaaabb'], [...'abbbbb']);
    // Five of twelve are "a"; no more than one of them lies in the second half in 7 + 105 of 924 ways.
    expect(metricValue(categories, 'p_value')).toBeCloseTo((2 * (7 + 105)) / 924, 12);
    expect(categories.get('p_value')?.method).toBe("Fisher's exact test");
  });

  it('measures the size of a shift in standard deviations, and without any as the share that moved', () => {
    const sample = Array.from({ length: 400 }, (_, i) => i);
    const shifted = measureColumn(
      sample,
      sample.map((x) => x + 50),
    );
    expect(metricValue(shifted, 'effect_size')).toBe(metricValue(shifted, 'wasserstein_normalized'));
    const constant = measureColumn([7, 7, 7], [3, 7]);
    expect(metricValue(constant, 'effect_size')).toBe(0.5);
    expect(constant.get('effect_size')?.method).toBe(
      'ks, as the reference has no spread (its standard deviation is 0)',
    );
    // From three quarters to one: 2 (arcsin sqrt(3/4) - arcsin sqrt(1/4)) is a third of pi.
    expect(metricValue(differences(CATEGORIES, [...'aaab'], [...'abbb']), 'effect_size')).toBeCloseTo(
      Math.PI / 3,
      12,
    );
  });

  it('draws no bootstrap where none is wanted', () => {
    const profile = fold(NUMERIC, [1, 2, 3]);
    const [drawn, plain] = [
      differenceMetrics(NUMERIC, profile, profile),
      differenceMetrics(NUMERIC, profile, profile, { draws: 0 }),
    ];
    const wasserstein = (results: typeof drawn) => results.find(({ metric }) => metric === 'wasserstein');
    expect(wasserstein(drawn)).toHaveProperty('pValue');
    expect(wasserstein(plain)).not.toHaveProperty('pValue');
  });

  it('finds a category that only the window has, and all of them when none is known', () => {
    const reference = [...'aaaabb'];
    expect(metricValue(differences(CATEGORIES, reference, ['x', 'y', 'x']), 'total_variation')).toBeCloseTo(
      1,
      12,
    );
    expect(metricValue(differences(CATEGORIES, reference, ['x', 'y', 'x']), 'js_distance')).toBeCloseTo(
      1,
      12,
    );
    expect(metricValue(differences(CATEGORIES, reference, [...'aaaabb', '']), 'total_variation')).toBeCloseTo(
      1 / 7,
      12,
    );
  });

  it('finds no drift in a feature with more categories than are kept', () => {
    const rows = (offset: number): string[] =>
      Array.from({ length: 20_000 }, (_, i) => `merchant-${i % 3 === 0 ? i % 60 : (i * 7 + offset) % 4_000}`);
    const metrics = measureColumn(rows(0), rows(3));
    expect(metricValue(metrics, 'psi')).toBeLessThan(0.01);
    expect(metricValue(metrics, 'p_value')).toBeGreaterThan(0.5);
    // Without any frequent one there is nothing to go by.
    const rare = (from: number): string[] => Array.from({ length: 20_000 }, (_, i) => `user-${from + i}`);
    expectNoValue(measureColumn(rare(0), rare(20_000)), 'p_value', 'undefined');
  });

  it('has nothing to divide by, or to test, where the reference is one value', () => {
    const metrics = measureColumn([7, 7, 7], [7, 8]);
    expectNoValue(metrics, 'wasserstein_normalized', 'undefined');
    expect(metricValue(metrics, 'wasserstein')).toBeCloseTo(0.5, 12);
    expectNoValue(measureColumn([7, 7], [7, 7, 7]), 'chi2', 'undefined');
    expectNoValue(measureColumn(['a', 'a'], ['a']), 'p_value', 'undefined');
  });

  it('says how each value was computed', () => {
    const metrics = measureColumn([1, 2, 3, 4, 5, 6], [4, 5, 6, 7]);
    expect(metrics.get('psi')?.method).toBe(
      '10 decile cells, (c+0.5)/(n+0.5B); p-value from (1/n+1/m) chi-square with B-1 degrees of freedom',
    );
    expect(metrics.get('ks')?.method).toMatch(
      /^two-sample Kolmogorov-Smirnov, asymptotic, grid of \d+ cells$/,
    );
  });

  it('treats an empty profile as a window without events', () => {
    const results = differenceMetrics(NUMERIC, fold(NUMERIC, [1, 2]), emptyProfile(NUMERIC));
    expect(results.every(({ status }) => status === 'no_data')).toBe(true);
  });
});
