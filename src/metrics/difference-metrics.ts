import { eventCount, type FeatureProfile, type FeatureSpec } from '../profile/feature-spec.ts';
import { type NumericProfile, profileStd } from '../profile/numeric-profile.ts';
import { type Computed, definedIfFinite } from '../stats/computed.ts';
import { wassersteinFromCells } from '../stats/distance/wasserstein.ts';
import { hellinger } from '../stats/divergence/hellinger.ts';
import { jsDistance } from '../stats/divergence/js-distance.ts';
import { kl } from '../stats/divergence/kl.ts';
import { lInfinity } from '../stats/divergence/l-infinity.ts';
import { psi } from '../stats/divergence/psi.ts';
import { psiAdjusted } from '../stats/divergence/psi-adjusted.ts';
import { totalVariation } from '../stats/divergence/total-variation.ts';
import { chiSquareHomogeneity } from '../stats/hypothesis/chi-square-homogeneity.ts';
import { cramersV } from '../stats/hypothesis/cramers-v.ts';
import { gTest } from '../stats/hypothesis/g-test.ts';
import { kolmogorovPValue } from '../stats/hypothesis/kolmogorov-p-value.ts';
import { ksFromCells } from '../stats/hypothesis/ks-from-cells.ts';
import { type BinnedPair, binnedPair } from './binned.ts';
import type { MetricResult } from './result.ts';
import { METRIC_NAMES, METRICS, type MetricName } from './table.ts';

/**
 * Compares a window with a reference of the same feature; both profiles are under `spec`.
 * Every difference metric that exists for the kind comes back, with a number or with the reason why there is none.
 */
export function differenceMetrics(
  spec: FeatureSpec,
  reference: FeatureProfile,
  current: FeatureProfile,
): MetricResult[] {
  const names = METRIC_NAMES.filter(
    (name) =>
      METRICS[name].nature === 'difference' &&
      name !== 'q_value' &&
      (METRICS[name].kinds === 'any' || METRICS[name].kinds === spec.kind),
  );
  const counts = { n: current.n, baselineN: reference.n };
  const nothing = whyNothing(reference, current);
  if (nothing !== undefined) {
    return names.map((metric) => ({ metric, ...counts, method: 'none', status: 'no_data', reason: nothing }));
  }
  const values = new Map<MetricName, [Computed<Value>, method: string]>([
    ...binnedValues(binnedPair(spec, reference, current), spec.kind),
    ...(spec.kind === 'numeric'
      ? numericValues(spec.grid.edges, reference as NumericProfile, current as NumericProfile)
      : []),
  ]);
  const primary = values.get(spec.kind === 'numeric' ? 'ks' : 'chi2');
  if (primary !== undefined) values.set('p_value', [pValueOf(primary[0]), primary[1]]);
  return names.map((metric) => {
    const [computed, method] = values.get(metric) ?? [undefined, 'none'];
    if (computed === undefined) throw new TypeError(`no definition for the metric ${metric}`);
    if (!computed.defined) return { metric, ...counts, method, status: 'undefined', reason: computed.reason };
    return { metric, ...counts, method, status: 'ok', ...computed.value };
  });
}

interface Value {
  readonly value: number;
  readonly pValue?: number;
}

function whyNothing(reference: FeatureProfile, current: FeatureProfile): string | undefined {
  if (eventCount(current) === 0) return 'the window has no events';
  if (current.n === 0) return 'the window has no valid value of this feature';
  if (reference.n === 0) return 'the reference has no valid value of this feature';
  return undefined;
}

function binnedValues(
  { reference, current }: BinnedPair,
  kind: FeatureSpec['kind'],
): Array<[MetricName, [Computed<Value>, string]]> {
  const cells = reference.length;
  const where = kind === 'numeric' ? `${cells} decile cells` : `${cells} categories`;
  const n = sum(current);
  const m = sum(reference);
  const index = psi(reference, current);
  const chi2 = chiSquareHomogeneity(reference, current);
  const g = gTest(reference, current);
  const adjusted = index.defined
    ? ({ defined: true, value: psiAdjusted(index.value, cells, n, m) } as const)
    : index;
  return [
    ['psi', [number(index), `${where}, (c+0.5)/(n+0.5B)`]],
    ['psi_adjusted', [number(adjusted), `${where}, less (B-1)(1/n+1/m)`]],
    ['kl', [number(kl(reference, current)), `${where}, (c+0.5)/(n+0.5B)`]],
    ['js_distance', [number(jsDistance(reference, current)), `${where}, base 2`]],
    ['hellinger', [number(hellinger(reference, current)), where]],
    ['total_variation', [number(totalVariation(reference, current)), where]],
    ['l_infinity', [number(lInfinity(reference, current)), where]],
    ['chi2', [withPValue(chi2), `two-sample chi-square, ${where}`]],
    ['g_test', [withPValue(g), `two-sample G, ${where}`]],
    ['cramers_v', [number(cramersV(reference, current)), where]],
  ];
}

function numericValues(
  edges: Float64Array,
  reference: NumericProfile,
  current: NumericProfile,
): Array<[MetricName, [Computed<Value>, string]]> {
  const ks = ksFromCells(reference.cells, current.cells);
  const distance = wassersteinFromCells({
    edges,
    reference: reference.cells,
    current: current.cells,
    referenceTails: { low: reference.lowExcess, high: reference.highExcess },
    currentTails: { low: current.lowExcess, high: current.highExcess },
  });
  const grid = `grid of ${edges.length + 1} cells`;
  return [
    [
      'ks',
      [
        ks.defined
          ? {
              defined: true,
              value: { value: ks.value, pValue: kolmogorovPValue(ks.value, current.n, reference.n) },
            }
          : ks,
        `two-sample Kolmogorov-Smirnov, asymptotic, ${grid}`,
      ],
    ],
    ['wasserstein', [number(distance), grid]],
    ['wasserstein_normalized', [normalized(distance, profileStd(reference)), `${grid}, reference std`]],
  ];
}

function normalized(distance: Computed, std: Computed): Computed<Value> {
  if (!distance.defined) return distance;
  if (!std.defined)
    return { defined: false, reason: `the reference has no standard deviation: ${std.reason}` };
  if (std.value === 0) {
    return { defined: false, reason: 'the reference has no spread (its standard deviation is 0)' };
  }
  return number(definedIfFinite(distance.value / std.value));
}

function number(computed: Computed): Computed<Value> {
  return computed.defined ? { defined: true, value: { value: computed.value } } : computed;
}

function withPValue(computed: Computed<{ statistic: number; pValue: number }>): Computed<Value> {
  if (!computed.defined) return computed;
  return { defined: true, value: { value: computed.value.statistic, pValue: computed.value.pValue } };
}

function pValueOf(computed: Computed<Value>): Computed<Value> {
  if (!computed.defined) return computed;
  if (computed.value.pValue === undefined) return { defined: false, reason: 'the test gives no p-value' };
  return { defined: true, value: { value: computed.value.pValue } };
}

function sum(values: Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
