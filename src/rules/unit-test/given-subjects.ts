import { featureShares, type JudgedFeature } from '../../metrics/feature-shares.ts';
import type { MetricResult, MetricResults } from '../../metrics/result.ts';
import type { MetricName } from '../../metrics/table.ts';
import { isOutputFeature } from '../../profile/feature-spec.ts';
import type { Period } from '../alert.ts';
import type { WindowMeasurements } from '../measurements.ts';
import type { Subject } from '../subject.ts';
import type { MetricVariable } from '../variables.ts';
import type { GivenSeries, RuleTest } from './rule-test.ts';
import type { SeriesValue } from './series.ts';

/** Observations behind a metric, and behind its reference, where a test does not say. */
const OBSERVATIONS = { window: 1_000, reference: 5_000 };

/** What a test says of its features in one interval, as an evaluation sees it. */
export function givenFeatures(test: RuleTest, index: number, window: Period): Subject[] {
  return Array.from(test.given, ([feature, { kind, series }]) => ({
    ...identityOf(test, window),
    each: isOutputFeature(feature) ? 'prediction' : 'feature',
    feature,
    featureKind: kind,
    ...withOthers(series, index, (at) => measurementsAt(series, undefined, at)),
  }));
}

/**
 * What a test says of its model in one interval, for rules that need labels and for those that do not. How many features went
 * wrong follows from what is said of them, unless it is said itself.
 *
 * @param measured what is known of the model already; what the test says stands above it.
 */
export function givenModel(
  test: RuleTest,
  index: number,
  window: Period,
  measured: Pick<Subject, 'metrics' | 'baselineMetrics' | 'events' | 'others'> | undefined,
): Subject[] {
  const { metrics: series } = test;
  const own = (at: number): WindowMeasurements => {
    const given = measurementsAt(series, undefined, at);
    return { ...given, metrics: new Map([...sharesAt(test, at), ...given.metrics]) };
  };
  const said = withOthers(series, index, own);
  const combined = {
    metrics: new Map([...(measured?.metrics ?? []), ...said.metrics]),
    baselineMetrics: new Map([...(measured?.baselineMetrics ?? []), ...said.baselineMetrics]),
    natural: new Map<MetricName, number>(),
    events: measured?.events ?? said.events,
    others: new Map([...(measured?.others ?? []), ...said.others]),
  };
  const each =
    test.segment === undefined
      ? (['model', 'performance'] as const)
      : (['segment', 'segment_performance'] as const);
  return each.map((kind) => ({ ...identityOf(test, window), each: kind, ...combined }));
}

function identityOf(
  { model, version, segment }: RuleTest,
  window: Period,
): Pick<Subject, 'model' | 'version' | 'segment' | 'window'> {
  return { model, version, window, ...(segment !== undefined && { segment }) };
}

/** Adds the window before, and those of other lengths that are said something of. */
function withOthers(
  series: readonly GivenSeries[],
  index: number,
  own: (at: number) => WindowMeasurements,
): WindowMeasurements & { readonly others: ReadonlyMap<string, WindowMeasurements> } {
  const others = new Map<string, WindowMeasurements>();
  if (index > 0) others.set('previous', own(index - 1));
  for (const { variable } of series) {
    const name = variable.frame?.name;
    if (name !== undefined) others.set(name, measurementsAt(series, name, index));
  }
  return { ...own(index), others };
}

function measurementsAt(
  series: readonly GivenSeries[],
  frame: string | undefined,
  index: number,
): WindowMeasurements {
  const said = series
    .filter(({ variable }) => variable.frame?.name === frame)
    .map(({ variable, values }) => ({ variable, value: valueAt(values, index) }));
  const count = (kind: 'n' | 'baseline_n', otherwise: number): number => {
    const value = said.find(({ variable }) => variable.kind === kind)?.value;
    return typeof value === 'number' ? value : otherwise;
  };
  const n = count('n', OBSERVATIONS.window);
  const baselineN = count('baseline_n', OBSERVATIONS.reference);
  const of = (kind: MetricVariable['kind']): Array<[MetricName, SeriesValue]> =>
    said.flatMap(({ variable, value }) =>
      'metric' in variable && variable.kind === kind ? [[variable.metric, value]] : [],
    );
  const metrics = resultsOf(of('metric'), n, baselineN, {
    pValues: new Map(of('p_value')),
    lower: new Map(of('lower')),
    upper: new Map(of('upper')),
  });
  const predictions = metrics.get('predictions');
  return {
    metrics,
    baselineMetrics: resultsOf(of('baseline'), baselineN, 0),
    natural: new Map(
      of('natural').filter((entry): entry is [MetricName, number] => typeof entry[1] === 'number'),
    ),
    events: predictions?.status === 'ok' ? predictions.value : n,
  };
}

function valueAt(values: GivenSeries['values'], index: number): SeriesValue {
  return typeof values === 'number' ? values : (values[index] ?? 'no_data');
}

function resultsOf(
  values: ReadonlyArray<readonly [MetricName, SeriesValue]>,
  n: number,
  baselineN: number,
  { pValues, lower, upper }: Readonly<Partial<Record<'pValues' | 'lower' | 'upper', GivenValues>>> = {},
): MetricResults {
  return new Map(
    values.map(([metric, value]): [MetricName, MetricResult] => {
      const about = { metric, n, baselineN, method: 'given by the test' };
      if (typeof value !== 'number') return [metric, { ...about, status: value, reason: 'the test says so' }];
      const pValue = numberIn(pValues, metric);
      // An end that the test does not say lies at the value.
      const ends = [numberIn(lower, metric), numberIn(upper, metric)];
      const interval = ends.some((end) => end !== undefined) && {
        interval: { lower: ends[0] ?? value, upper: ends[1] ?? value },
      };
      return [
        metric,
        { ...about, status: 'ok', value, ...(pValue !== undefined && { pValue }), ...(interval || {}) },
      ];
    }),
  );
}

type GivenValues = ReadonlyMap<MetricName, SeriesValue>;

function numberIn(values: GivenValues | undefined, metric: MetricName): number | undefined {
  const value = values?.get(metric);
  return typeof value === 'number' ? value : undefined;
}

function sharesAt(test: RuleTest, index: number): MetricResults {
  const features = [...test.given]
    .filter(([feature]) => !isOutputFeature(feature))
    .map(([, { series }]): JudgedFeature => {
      const { natural = new Map(), ...measured } = measurementsAt(series, undefined, index);
      return { ...measured, natural };
    });
  return new Map(
    features.length === 0 ? [] : featureShares(features).map((result) => [result.metric, result]),
  );
}
