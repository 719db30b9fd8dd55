import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { levelMetrics } from '../../src/metrics/level-metrics.ts';
import { METRIC_NAMES, METRICS, type MetricName } from '../../src/metrics/table.ts';
import { emptyProfile, type FeatureSpec, recorderFor } from '../../src/profile/feature-spec.ts';
import { buildGrid, GRID_CELLS } from '../../src/profile/grid.ts';
import { nextBelow } from '../../src/profile/next-below.ts';
import { sampleArbitrary } from '../profile/number-arbitrary.ts';
import { fold } from '../profile/profiles.ts';
import { expectNoValue, type Measured, metricValue } from './full-path.ts';

const CATEGORIES: FeatureSpec = {
  kind: 'categorical',
  categories: ['a', 'b'],
  acceptsNumbers: false,
  complete: true,
};

const numeric = (sample: readonly number[]): FeatureSpec => ({ kind: 'numeric', grid: buildGrid(sample) });

function levels(spec: FeatureSpec, values: readonly unknown[]): Measured {
  return new Map(levelMetrics(spec, fold(spec, values)).map((result) => [result.metric, result]));
}

const PERCENTILES: ReadonlyArray<readonly [MetricName, number]> = [
  ['p01', 0.01],
  ['p05', 0.05],
  ['p25', 0.25],
  ['p50', 0.5],
  ['p75', 0.75],
  ['p95', 0.95],
  ['p99', 0.99],
];

describe('levelMetrics', () => {
  it.each([
    ['numeric', numeric([1, 2])],
    ['categorical', CATEGORIES],
  ])('gives every level metric of a %s feature, with a value or a reason', (kind, spec) => {
    const expected = METRIC_NAMES.filter((name) => {
      const { scope, nature, kinds } = METRICS[name];
      return scope === 'feature' && nature === 'level' && (kinds === 'any' || kinds === kind);
    });
    expect([...levels(spec, [1, 'a', null]).keys()].sort()).toEqual([...expected].sort());
    for (const result of levelMetrics(spec, emptyProfile(spec))) {
      expect(result).toMatchObject({ status: 'no_data', n: 0, reason: expect.stringMatching(/no/) });
    }
  });

  it('counts missing and invalid values as shares of all events', () => {
    const metrics = levels(numeric([1, 2]), [1, 2, null, undefined, null, 'x', 1.5, {}]);
    expect(metricValue(metrics, 'missing_share')).toBe(3 / 8);
    expect(metricValue(metrics, 'invalid_share')).toBe(2 / 8);
    expect(metrics.get('missing_share')).toMatchObject({ n: 8 });
    expect(metrics.get('mean')).toMatchObject({ n: 3, value: 1.5 });
  });

  it('says that a feature which went null has no values, and how much of it is missing', () => {
    for (const spec of [numeric([1, 2]), CATEGORIES]) {
      const metrics = levels(spec, [null, null, null]);
      expect(metricValue(metrics, 'missing_share')).toBe(1);
      expectNoValue(metrics, spec.kind === 'numeric' ? 'mean' : 'unseen_share', 'no_data');
    }
  });

  it('needs two values for a standard deviation', () => {
    expectNoValue(levels(numeric([1, 2]), [1]), 'std', 'not_enough_data');
    expect(metricValue(levels(numeric([1, 2]), [1, 3]), 'std')).toBeCloseTo(Math.SQRT2, 12);
  });

  it('gives a reason where numbers are too large to be added up', () => {
    const metrics = levels(numeric([1, 2]), [1.7e308, 1.7e308, -1.7e308]);
    expectNoValue(metrics, 'std', 'undefined');
    expect(metricValue(metrics, 'max')).toBe(1.7e308);
    expect(metricValue(metrics, 'out_of_range_share')).toBe(1);
  });

  it('counts as out of range what lies outside the reference, and never the reference itself', () => {
    fc.assert(
      fc.property(sampleArbitrary(400), (sample) => {
        const spec = numeric(sample);
        const inside = sample.filter((x) => x > -Number.MAX_VALUE);
        if (inside.length > 0) expect(metricValue(levels(spec, inside), 'out_of_range_share')).toBe(0);
      }),
      { numRuns: 40 },
    );
    expect(metricValue(levels(numeric([1, 5]), [0, 1, 5, 6]), 'out_of_range_share')).toBe(0.5);
  });

  it('reads percentiles off the grid, off by no more than one cell of it', () => {
    fc.assert(
      fc.property(sampleArbitrary(1_000), (sample) => {
        const metrics = levels(numeric(sample), sample);
        const slack = 1 / GRID_CELLS + 1 / sample.length + 1e-9;
        for (const [name, q] of PERCENTILES) {
          const value = metricValue(metrics, name);
          expect(sample.filter((x) => x <= value).length / sample.length).toBeGreaterThanOrEqual(q - slack);
          expect(sample.filter((x) => x < nextBelow(value)).length / sample.length).toBeLessThanOrEqual(
            q + slack,
          );
        }
      }),
      { numRuns: 60 },
    );
  });

  it('gives the very value that many share, not the double below it', () => {
    const dice = Array.from({ length: 600 }, (_, i) => 1 + (i % 6));
    const metrics = levels(numeric(dice), dice);
    expect(PERCENTILES.map(([name]) => metricValue(metrics, name))).toEqual([1, 1, 2, 3, 5, 6, 6]);
  });

  it('counts as unseen what the baseline has no name for, admitted by name or not', () => {
    expect(metricValue(levels(CATEGORIES, ['a', 'b', 'c', '']), 'unseen_share')).toBe(0.5);
    const profile = fold(CATEGORIES, ['a', 'c']);
    Object.assign(profile, { n: 4, other: 2 });
    const [unseen] = levelMetrics(CATEGORIES, profile).filter(({ metric }) => metric === 'unseen_share');
    expect(unseen).toMatchObject({ status: 'ok', value: 0.75, n: 4 });
  });

  it('cannot tell an unseen category where the baseline does not name all of its own', () => {
    expectNoValue(levels({ ...CATEGORIES, complete: false }, ['c']), 'unseen_share', 'undefined');
  });

  it('counts the different categories, and says when it had to estimate their number', () => {
    const few = levels(CATEGORIES, ['a', 'b', 'b', 'x', 'y', 'y', null]);
    expect(few.get('distinct')).toMatchObject({ value: 4, n: 6, method: 'count' });
    const profile = emptyProfile(CATEGORIES);
    const record = recorderFor(CATEGORIES);
    for (let i = 0; i < 5_000; i += 1) record(profile, `new ${i}`, () => false);
    const many = levelMetrics(CATEGORIES, profile).find(({ metric }) => metric === 'distinct');
    expect(many).toMatchObject({ status: 'ok', method: 'HyperLogLog, standard error 3.25 %' });
    expect(many?.status === 'ok' && Math.abs(many.value / 5_000 - 1)).toBeLessThan(0.1);
    if (profile.kind === 'categorical') profile.registers = new Uint8Array(0);
    const unknown = levelMetrics(CATEGORIES, profile).find(({ metric }) => metric === 'distinct');
    expect(unknown).toMatchObject({ status: 'undefined', reason: expect.stringMatching(/names/) });
  });
});
