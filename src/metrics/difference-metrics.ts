import { seededRandom } from '../base/random.ts';
import { eventCount, type FeatureProfile, type FeatureSpec } from '../profile/feature-spec.ts';
import { type NumericProfile, profileStd } from '../profile/numeric-profile.ts';
import { type Computed, defined, definedIfFinite } from '../stats/computed.ts';
import { largestCohensH } from '../stats/distance/cohens-h.ts';
import { type CellSamples, wassersteinFromCells } from '../stats/distance/wasserstein.ts';
import { wassersteinPValue } from '../stats/distance/wasserstein-p-value.ts';
import { hellinger } from '../stats/divergence/hellinger.ts';
import { jsDistance } from '../stats/divergence/js-distance.ts';
import { kl } from '../stats/divergence/kl.ts';
import { lInfinity } from '../stats/divergence/l-infinity.ts';
import { psi } from '../stats/divergence/psi.ts';
import { psiAdjusted } from '../stats/divergence/psi-adjusted.ts';
import { psiPValue } from '../stats/divergence/psi-p-value.ts';
import { totalVariation } from '../stats/divergence/total-variation.ts';
import { chiSquareHomogeneity } from '../stats/hypothesis/chi-square-homogeneity.ts';
import { cramersV } from '../stats/hypothesis/cramers-v.ts';
import { gTest } from '../stats/hypothesis/g-test.ts';
import { kolmogorovPValue } from '../stats/hypothesis/kolmogorov-p-value.ts';
import { ksFromCells } from '../stats/hypothesis/ks-from-cells.ts';
import { mannWhitneyFromCells } from '../stats/hypothesis/mann-whitney.ts';
import { moodFromCells } from '../stats/hypothesis/mood.ts';
import { type BinnedPair, binnedPair } from './binned.ts';
import type { MetricResult } from './result.ts';
import { categoricalShiftTest, numericShiftTest } from './shift-test.ts';
import { FAMILY_METRICS, METRIC_NAMES, METRICS, type MetricName } from './table.ts';

export interface DifferenceOptions {
  /** Draws of the bootstrap behind the p-value of wasserstein, at most; 0 for none. */
  readonly draws?: number;
}

const DEFAULT_DRAWS = 199;

/** A metric's number, with a p-value where there is a test. */
interface Value {
  readonly value: number;
  readonly pValue?: number;
}

type Values = ReadonlyArray<readonly [metric: MetricName, computed: Computed<Value>, method: string]>;

/**
 * Compares a window with a reference of the same feature; both profiles are under `spec`.
 * Every difference metric that exists for the kind comes back, with a number or with the reason why there is none; but for
 * those that need to know the other features of the window.
 */
export function differenceMetrics(
  spec: FeatureSpec,
  reference: FeatureProfile,
  current: FeatureProfile,
  { draws = DEFAULT_DRAWS }: DifferenceOptions = {},
): MetricResult[] {
  const counts = { n: current.n, baselineN: reference.n };
  const nothing = whyNothing(reference, current);
  if (nothing !== undefined) {
    return differenceNames(spec.kind).map((metric) => ({
      metric,
      ...counts,
      method: 'none',
      status: 'no_data',
      reason: nothing,
    }));
  }
  const pair = binnedPair(spec, reference, current);
  const values: Values =
    spec.kind === 'numeric'
      ? [
          ...binnedValues(pair, `${pair.reference.length} decile cells`),
          ...numericValues(spec.grid.edges, reference as NumericProfile, current as NumericProfile, draws),
        ]
      : [...binnedValues(pair, `${pair.reference.length} categories`), ...categoricalValues(pair)];
  return values.map(([metric, computed, method]) =>
    computed.defined
      ? { metric, ...counts, method, status: 'ok', ...computed.value }
      : { metric, ...counts, method, status: 'undefined', reason: computed.reason },
  );
}

function differenceNames(kind: FeatureSpec['kind']): MetricName[] {
  return METRIC_NAMES.filter(
    (name) =>
      METRICS[name].nature === 'difference' &&
      !FAMILY_METRICS.includes(name) &&
      (METRICS[name].kinds === 'any' || METRICS[name].kinds === kind),
  );
}

function whyNothing(reference: FeatureProfile, current: FeatureProfile): string | undefined {
  if (eventCount(current) === 0) return 'the window has no events';
  if (current.n === 0) return 'the window has no valid value of this feature';
  if (reference.n === 0) return 'the reference has no valid value of this feature';
  return undefined;
}

function binnedValues({ reference, current }: BinnedPair, where: string): Values {
  const cells = reference.length;
  const [n, m] = [sum(current), sum(reference)];
  const index = psi(reference, current);
  return [
    [
      'psi',
      map(index, (value) => ({ value, pValue: psiPValue(value, cells, n, m) })),
      `${where}, (c+0.5)/(n+0.5B); p-value from (1/n+1/m) chi-square with B-1 degrees of freedom`,
    ],
    [
      'psi_adjusted',
      map(index, (value) => ({ value: psiAdjusted(value, cells, n, m) })),
      `${where}, less (B-1)(1/n+1/m)`,
    ],
    ['kl', number(kl(reference, current)), `${where}, (c+0.5)/(n+0.5B)`],
    ['js_distance', number(jsDistance(reference, current)), `${where}, base 2`],
    ['hellinger', number(hellinger(reference, current)), where],
    ['total_variation', number(totalVariation(reference, current)), where],
    ['l_infinity', number(lInfinity(reference, current)), where],
    ['chi2', test(chiSquareHomogeneity(reference, current)), `two-sample chi-square, ${where}`],
    ['g_test', test(gTest(reference, current)), `two-sample G, ${where}`],
    ['cramers_v', number(cramersV(reference, current)), where],
  ];
}

function numericValues(
  edges: Float64Array,
  reference: NumericProfile,
  current: NumericProfile,
  draws: number,
): Values {
  const grid = `grid of ${edges.length + 1} cells`;
  const largest = ksFromCells(reference.cells, current.cells);
  const ks = map(largest, (value) => ({ value, pValue: kolmogorovPValue(value, current.n, reference.n) }));
  const mannWhitney = mannWhitneyFromCells(reference.cells, current.cells);
  const mood = moodFromCells(reference.cells, current.cells);
  const samples: CellSamples = {
    edges,
    reference: reference.cells,
    current: current.cells,
    referenceTails: { low: reference.lowExcess, high: reference.highExcess },
    currentTails: { low: current.lowExcess, high: current.highExcess },
  };
  const distance = wassersteinFromCells(samples);
  const normalized = relativeToSpread(distance, reference);
  const shift = numericShiftTest({ ks, mannWhitney, mood });
  return [
    ['ks', ks, `two-sample Kolmogorov-Smirnov, asymptotic, ${grid}`],
    [
      'wasserstein',
      map(distance, (value) => ({ value, ...bootstrapped(samples, draws) })),
      draws === 0 ? grid : `${grid}; p-value from at most ${draws} bootstrap draws of the pooled cells`,
    ],
    ['wasserstein_normalized', number(normalized), `${grid}, reference std`],
    normalized.defined
      ? ['effect_size', number(normalized), `wasserstein_normalized, ${grid}`]
      : ['effect_size', number(largest), `ks, as ${normalized.reason}`],
    ['mann_whitney', mannWhitney, `Mann-Whitney on midranks, Pearson type III, ${grid}`],
    ['mood', mood, `Mood on tied ranks, Pearson type III, ${grid}`],
    ['p_value', number(shift.pValue), shift.method],
  ];
}

function categoricalValues({ reference, current }: BinnedPair): Values {
  const shift = categoricalShiftTest(reference, current);
  return [
    ['effect_size', number(largestCohensH(reference, current)), "largest Cohen's h of a category"],
    ['p_value', number(shift.pValue), shift.method],
  ];
}

function bootstrapped(samples: CellSamples, draws: number): { pValue?: number } {
  if (draws === 0) return {};
  // The same seed every time: the same profiles have the same p-value.
  const p = wassersteinPValue(samples, seededRandom(1), draws);
  return p.defined ? { pValue: p.value } : {};
}

function relativeToSpread(distance: Computed, reference: NumericProfile): Computed {
  if (!distance.defined) return distance;
  const std = profileStd(reference);
  if (!std.defined)
    return { defined: false, reason: `the reference has no standard deviation: ${std.reason}` };
  if (std.value === 0) {
    return { defined: false, reason: 'the reference has no spread (its standard deviation is 0)' };
  }
  return definedIfFinite(distance.value / std.value);
}

function map<T, U>(computed: Computed<T>, change: (value: T) => U): Computed<U> {
  return computed.defined ? defined(change(computed.value)) : computed;
}

function number(computed: Computed): Computed<Value> {
  return map(computed, (value) => ({ value }));
}

function test(computed: Computed<{ statistic: number; pValue: number }>): Computed<Value> {
  return map(computed, ({ statistic, pValue }) => ({ value: statistic, pValue }));
}

function sum(values: Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
