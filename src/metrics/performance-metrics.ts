import type { Computed } from '../stats/computed.ts';
import type { ConfidenceInterval } from '../stats/interval/confidence-interval.ts';
import { meanInterval } from '../stats/interval/mean-interval.ts';
import { simultaneousZ } from '../stats/interval/simultaneous-z.ts';
import { bias } from '../stats/score/bias.ts';
import { mae } from '../stats/score/mae.ts';
import { mape } from '../stats/score/mape.ts';
import { r2 } from '../stats/score/r2.ts';
import type { RegressionMoments } from '../stats/score/regression-moments.ts';
import { rmse } from '../stats/score/rmse.ts';
import { type ClassEvidence, classifiedCount, classMetrics } from './class-metrics.ts';
import type { Figure } from './figure.ts';
import type { MetricResult, MetricResults } from './result.ts';
import { METRICS, type MetricName, type Range } from './table.ts';

/** What is known of labelled regressions. */
interface ErrorEvidence {
  readonly task: 'regression';
  readonly moments: RegressionMoments;
  readonly medianAbsoluteError: Computed;
  /** The significant binary digits that errors were cut to before their median was taken; undefined when none were cut. */
  readonly medianDigits?: number | undefined;
}

/** What is known of the labelled predictions of one window. */
export type LabelledEvidence = ClassEvidence | ErrorEvidence;

/**
 * The metrics of a model as a whole in one window, or of a segment of its population.
 *
 * @param together how many segments are judged besides one another: all of their intervals hold together
 */
export function modelMetrics(
  predictions: number,
  evidence: LabelledEvidence | undefined,
  together = 1,
): MetricResults {
  const scores = evidence === undefined ? [] : performance(evidence, together);
  const labelled = evidence === undefined ? 0 : labelledCount(evidence);
  return new Map(
    [count('predictions', predictions), count('labelled', labelled), ...scores].map((result) => [
      result.metric,
      result,
    ]),
  );
}

/** How well the model did on labelled predictions: the metrics of its task, each with a value or a reason. */
export function performance(evidence: LabelledEvidence, together = 1): MetricResult[] {
  const labelled = labelledCount(evidence);
  const z = simultaneousZ(together);
  const figures = evidence.task === 'classification' ? classMetrics(evidence, z) : errorMetrics(evidence, z);
  return figures.map(({ metric, n, computed, method: how, interval }): MetricResult => {
    const isShared = interval !== undefined && together > 1;
    const method = isShared ? `${how}; the intervals of ${together} segments hold together with 95 %` : how;
    const about = { metric, n, baselineN: 0, method };
    if (labelled === 0)
      return { ...about, status: 'no_data', reason: 'no prediction of the window has a label yet' };
    if (computed.defined)
      return { ...about, status: 'ok', value: computed.value, ...within(METRICS[metric].range, interval) };
    return { ...about, status: n === 0 ? 'no_data' : 'undefined', reason: computed.reason };
  });
}

/** An interval that rests on an approximation may reach past what the metric can be. */
function within(
  [least, most]: Range,
  interval: ConfidenceInterval | undefined,
): { readonly interval?: ConfidenceInterval } {
  if (interval === undefined) return {};
  return { interval: { lower: Math.max(least, interval.lower), upper: Math.min(most, interval.upper) } };
}

/** Labelled predictions of which it can be said whether they were right. */
export function labelledCount(evidence: LabelledEvidence): number {
  return evidence.task === 'regression' ? evidence.moments.n : classifiedCount(evidence);
}

function errorMetrics({ moments, medianAbsoluteError, medianDigits }: ErrorEvidence, z: number): Figure[] {
  const exactly = 'as scikit-learn defines it';
  const roughly = `${exactly}, on errors cut to ${medianDigits} significant binary digits`;
  const { n, sumError, sumAbsoluteError, sumSquaredError: sumOfSquares } = moments;
  const intervals = new Map([
    ['mae', meanInterval({ n, sum: sumAbsoluteError, sumOfSquares }, z)],
    ['bias', meanInterval({ n, sum: sumError, sumOfSquares }, z)],
  ]);
  return (
    [
      ['mae', mae(moments), exactly],
      ['rmse', rmse(moments), exactly],
      ['mape', mape(moments), exactly],
      ['median_absolute_error', medianAbsoluteError, medianDigits === undefined ? exactly : roughly],
      ['bias', bias(moments), 'mean of prediction minus label'],
      ['r2', r2(moments), exactly],
    ] as const
  ).map(([metric, computed, method]) => ({ metric, n, computed, method, interval: intervals.get(metric) }));
}

function count(metric: MetricName, value: number): MetricResult {
  return { metric, n: value, baselineN: 0, method: 'count', status: 'ok', value };
}
