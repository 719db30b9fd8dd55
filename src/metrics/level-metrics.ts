import { type CategoricalProfile, distinctCategories } from '../profile/categorical-profile.ts';
import { eventCount, type FeatureProfile, type FeatureSpec } from '../profile/feature-spec.ts';
import type { Grid } from '../profile/grid.ts';
import { nextBelow } from '../profile/next-below.ts';
import { type NumericProfile, profileMean, profileStd } from '../profile/numeric-profile.ts';
import { type Computed, defined } from '../stats/computed.ts';
import { DISTINCT_STANDARD_ERROR } from '../stats/distinct/hyper-log-log.ts';
import { quantileFromCells } from '../stats/quantile/quantile-from-cells.ts';
import type { MetricResult } from './result.ts';
import type { MetricName } from './table.ts';

const PERCENTILES = {
  p01: 0.01,
  p05: 0.05,
  p25: 0.25,
  p50: 0.5,
  p75: 0.75,
  p95: 0.95,
  p99: 0.99,
} as const satisfies Partial<Record<MetricName, number>>;

/** The metrics that describe one sample of a feature alone; the reference has them as well as the window. */
export function levelMetrics(spec: FeatureSpec, profile: FeatureProfile): MetricResult[] {
  const events = eventCount(profile);
  const share = (metric: MetricName, count: number): MetricResult =>
    events === 0
      ? none(metric, 'no_data', 0, 'there are no events')
      : { metric, n: events, baselineN: 0, method: 'count / events', status: 'ok', value: count / events };
  return [
    share('missing_share', profile.missing),
    share('invalid_share', profile.invalid),
    ...(spec.kind === 'numeric'
      ? numericLevels(spec.grid, profile as NumericProfile)
      : [
          unseenShare(spec.complete, profile as CategoricalProfile),
          singletonShare(profile as CategoricalProfile),
          distinct(profile as CategoricalProfile),
        ]),
  ];
}

function unseenShare(complete: boolean, profile: CategoricalProfile): MetricResult {
  if (!complete) {
    return none(
      'unseen_share',
      'undefined',
      profile.n,
      'the baseline has more categories than are kept, so an unseen one cannot be told from a rare one',
    );
  }
  if (profile.n === 0) return none('unseen_share', 'no_data', 0, 'there are no valid values');
  let unseen = profile.other;
  for (const count of profile.extra.values()) unseen += count;
  return ok('unseen_share', profile.n, unseen / profile.n, 'count / values');
}

/** Good and Turing's estimate of the probability that the next value is of a category that was not seen before. */
function singletonShare({ n, cells, extra }: CategoricalProfile): MetricResult {
  if (n === 0) return none('singleton_share', 'no_data', 0, 'there are no valid values');
  let once = 0;
  for (const count of cells) if (count === 1) once += 1;
  for (const count of extra.values()) if (count === 1) once += 1;
  return ok('singleton_share', n, once / n, 'categories that occur once / values');
}

function distinct(profile: CategoricalProfile): MetricResult {
  if (profile.n === 0) return none('distinct', 'no_data', 0, 'there are no valid values');
  const counted = distinctCategories(profile);
  if (!counted.defined) return none('distinct', 'undefined', profile.n, counted.reason);
  const { value, exact } = counted.value;
  const error = Number((100 * DISTINCT_STANDARD_ERROR).toFixed(2));
  return ok('distinct', profile.n, value, exact ? 'count' : `HyperLogLog, standard error ${error} %`);
}

function numericLevels(grid: Grid, profile: NumericProfile): MetricResult[] {
  const { n, cells } = profile;
  const percentiles = Object.keys(PERCENTILES) as Array<keyof typeof PERCENTILES>;
  if (n === 0) {
    const names: MetricName[] = ['out_of_range_share', 'mean', 'std', 'min', 'max', ...percentiles];
    return names.map((metric) => none(metric, 'no_data', 0, 'there are no valid values'));
  }
  const outside = (cells[0] as number) + (cells[cells.length - 1] as number);
  return [
    ok('out_of_range_share', n, outside / n, 'outer cells / values'),
    given('mean', n, profileMean(profile, grid), 'sum / n'),
    n < 2
      ? none('std', 'not_enough_data', n, 'needs at least two values')
      : given('std', n, profileStd(profile), 'sample standard deviation'),
    ok('min', n, profile.min, 'smallest value'),
    ok('max', n, profile.max, 'largest value'),
    ...percentiles.map((metric) =>
      given(metric, n, percentile(grid, profile, PERCENTILES[metric]), 'linear within a grid cell'),
    ),
  ];
}

function percentile({ edges }: Grid, { cells, min, max }: NumericProfile, share: number): Computed {
  const value = quantileFromCells(edges, cells, min, max, share);
  if (!value.defined) return value;
  // A value that many share has a cell as narrow as doubles allow: the right edge is the value, not the one below it.
  const above = -nextBelow(-value.value);
  return edges.includes(value.value) && edges.includes(above) ? defined(above) : value;
}

function ok(metric: MetricName, n: number, value: number, method: string): MetricResult {
  return { metric, n, baselineN: 0, method, status: 'ok', value };
}

function given(metric: MetricName, n: number, computed: Computed, method: string): MetricResult {
  return computed.defined
    ? ok(metric, n, computed.value, method)
    : none(metric, 'undefined', n, computed.reason);
}

function none(
  metric: MetricName,
  status: 'no_data' | 'not_enough_data' | 'undefined',
  n: number,
  reason: string,
): MetricResult {
  return { metric, n, baselineN: 0, method: 'none', status, reason };
}
