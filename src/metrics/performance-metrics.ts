import type { Computed } from '../stats/computed.ts';
import { accuracy } from '../stats/score/accuracy.ts';
import { balancedAccuracy } from '../stats/score/balanced-accuracy.ts';
import { bias } from '../stats/score/bias.ts';
import { type ConfusionMatrix, confusionMatrix } from '../stats/score/confusion.ts';
import { f1 } from '../stats/score/f1.ts';
import { f1Macro } from '../stats/score/f1-macro.ts';
import { mae } from '../stats/score/mae.ts';
import { matthewsCorrelation } from '../stats/score/matthews-correlation.ts';
import { precision } from '../stats/score/precision.ts';
import { r2 } from '../stats/score/r2.ts';
import { recall } from '../stats/score/recall.ts';
import type { RegressionMoments } from '../stats/score/regression-moments.ts';
import { rmse } from '../stats/score/rmse.ts';
import type { MetricResult, MetricResults } from './result.ts';
import type { MetricName } from './table.ts';

/** What is known of the labelled predictions of one window. */
export type LabelledEvidence =
  | {
      readonly task: 'classification';
      readonly cells: ReadonlyArray<{
        readonly prediction: string;
        readonly label: string;
        readonly count: number;
      }>;
      /** The class that precision, recall and f1 are about; undefined when the configuration names none. */
      readonly positive: string | undefined;
    }
  | { readonly task: 'regression'; readonly moments: RegressionMoments };

/** The metrics of a model as a whole in one window. */
export function modelMetrics(predictions: number, evidence: LabelledEvidence | undefined): MetricResults {
  const scores = evidence === undefined ? [] : performance(evidence);
  const labelled = evidence === undefined ? 0 : labelledCount(evidence);
  return new Map(
    [count('predictions', predictions), count('labelled', labelled), ...scores].map((result) => [
      result.metric,
      result,
    ]),
  );
}

/** How well the model did on labelled predictions: the metrics of its task, each with a value or a reason. */
export function performance(evidence: LabelledEvidence): MetricResult[] {
  const n = labelledCount(evidence);
  const scores =
    evidence.task === 'classification'
      ? classScores(evidence.cells, evidence.positive)
      : errorScores(evidence.moments);
  return scores.map(([metric, computed]): MetricResult => {
    const about = { metric, n, baselineN: 0, method: 'as scikit-learn defines it' };
    if (n === 0)
      return { ...about, status: 'no_data', reason: 'no prediction of the window has a label yet' };
    if (!computed.defined) return { ...about, status: 'undefined', reason: computed.reason };
    return { ...about, status: 'ok', value: computed.value };
  });
}

function labelledCount(evidence: LabelledEvidence): number {
  if (evidence.task === 'regression') return evidence.moments.n;
  return evidence.cells.reduce((sum, { count }) => sum + count, 0);
}

function classScores(
  cells: ReadonlyArray<{ prediction: string; label: string; count: number }>,
  configured: string | undefined,
): Array<[MetricName, Computed]> {
  const matrix = confusionMatrix(cells);
  const positive = configured ?? conventionalPositive(matrix);
  const ofPositive = (score: (matrix: ConfusionMatrix, positive: string) => Computed): Computed =>
    positive === undefined
      ? { defined: false, reason: 'which class is the positive one? Say so in models.<name>.positive' }
      : score(matrix, positive);
  return [
    ['accuracy', accuracy(matrix)],
    ['balanced_accuracy', balancedAccuracy(matrix)],
    ['precision', ofPositive(precision)],
    ['recall', ofPositive(recall)],
    ['f1', ofPositive(f1)],
    ['f1_macro', f1Macro(matrix)],
    ['mcc', matthewsCorrelation(matrix)],
  ];
}

/** Booleans and 0/1 need no configuration: everybody means true and 1. */
function conventionalPositive(matrix: ConfusionMatrix): string | undefined {
  const classes = [...matrix.classes.keys()];
  return (
    [
      ['true', 'false'],
      ['1', '0'],
    ] as const
  ).find((pair) => classes.length > 0 && classes.every((name) => name === pair[0] || name === pair[1]))?.[0];
}

function errorScores(moments: RegressionMoments): Array<[MetricName, Computed]> {
  return [
    ['mae', mae(moments)],
    ['rmse', rmse(moments)],
    ['bias', bias(moments)],
    ['r2', r2(moments)],
  ];
}

function count(metric: MetricName, value: number): MetricResult {
  return { metric, n: value, baselineN: 0, method: 'count', status: 'ok', value };
}
