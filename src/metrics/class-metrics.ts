import { type Computed, undefinedBecause } from '../stats/computed.ts';
import { type ConfidenceInterval, Z_95 } from '../stats/interval/confidence-interval.ts';
import { delongInterval } from '../stats/interval/delong-interval.ts';
import { f1Interval } from '../stats/interval/f1-interval.ts';
import { meanInterval } from '../stats/interval/mean-interval.ts';
import { shareInterval } from '../stats/interval/share-interval.ts';
import { accuracy } from '../stats/score/accuracy.ts';
import { averagePrecision } from '../stats/score/average-precision.ts';
import { balancedAccuracy } from '../stats/score/balanced-accuracy.ts';
import { brier } from '../stats/score/brier.ts';
import { cohenKappa } from '../stats/score/cohen-kappa.ts';
import {
  type ConfusionCell,
  type ConfusionMatrix,
  classCounts,
  confusionMatrix,
} from '../stats/score/confusion.ts';
import { ece } from '../stats/score/ece.ts';
import { estimatedAccuracy } from '../stats/score/estimated-accuracy.ts';
import { f1 } from '../stats/score/f1.ts';
import { f1Macro } from '../stats/score/f1-macro.ts';
import { f1Weighted } from '../stats/score/f1-weighted.ts';
import { logLoss } from '../stats/score/log-loss.ts';
import { matthewsCorrelation } from '../stats/score/matthews-correlation.ts';
import { precision } from '../stats/score/precision.ts';
import { precisionMacro } from '../stats/score/precision-macro.ts';
import { precisionWeighted } from '../stats/score/precision-weighted.ts';
import { recall } from '../stats/score/recall.ts';
import { recallMacro } from '../stats/score/recall-macro.ts';
import { recallWeighted } from '../stats/score/recall-weighted.ts';
import { rocAuc } from '../stats/score/roc-auc.ts';
import type { ScoreCounts } from '../stats/score/score-counts.ts';
import type { Figure } from './figure.ts';
import { conventionalPositive } from './positive-class.ts';
import type { ScoreEvidence } from './score-tally.ts';

/** Labelled events with a score and no prediction: how many of them reach the threshold, and how many do not. */
interface ThresholdCell {
  readonly label: string;
  readonly above: number;
  readonly below: number;
}

/** What is known of labelled classifications. */
export interface ClassEvidence {
  readonly task: 'classification';
  /** Pairs of prediction and label. More than `MAX_CLASS_PAIRS` of them are taken for no classes at all. */
  readonly cells: readonly ConfusionCell[];
  /** At or above the threshold the positive class counts as predicted, below it the other one. */
  readonly byThreshold?: readonly ThresholdCell[];
  /** The class that precision, recall, f1 and the scores are about; undefined when the configuration names none. */
  readonly positive: string | undefined;
  /** 0.5 unless said. */
  readonly threshold?: number;
  /** Labelled scores of `positive`; where that is undefined, of the labels `true` and `1`. */
  readonly scores?: ScoreEvidence;
}

/** More pairs of prediction and label than this are no classification. */
export const MAX_CLASS_PAIRS = 10_000;

const POSITIVE_UNKNOWN = undefinedBecause(
  'which class is the positive one? Name it (models.<name>.positive, or --positive of driftd compare)',
);
const NO_CLASSES = undefinedBecause(
  `there are more than ${MAX_CLASS_PAIRS} pairs of prediction and label; if they are numbers, say task: regression`,
);

const DEFINED_ELSEWHERE = 'as scikit-learn defines it';

const SCORE_INTERVALS: Readonly<
  Record<string, (counts: ScoreCounts, z: number) => ConfidenceInterval | undefined>
> = {
  roc_auc: delongInterval,
  brier: brierInterval,
};

/** Labelled events, whether or not what they were predicted as is known. */
export function classifiedCount({ cells, byThreshold = [] }: ClassEvidence): number {
  const predicted = cells.reduce((sum, { count }) => sum + count, 0);
  return byThreshold.reduce((sum, { above, below }) => sum + above + below, predicted);
}

/** The metrics of a classification, each with a value or a reason. @param z how wide intervals are */
export function classMetrics(evidence: ClassEvidence, z: number = Z_95): Figure[] {
  const positive = evidence.positive ?? conventionalPositive(classesOf(evidence));
  return [...ofClasses(evidence, positive, z), ...ofScores(evidence, positive, z)];
}

function ofClasses(evidence: ClassEvidence, positive: string | undefined, z: number): Figure[] {
  const matrix = confusionMatrix(cellsAt(evidence, positive));
  const n = matrix.total > 0 ? matrix.total : classifiedCount(evidence);
  const tooMany = Math.max(evidence.cells.length, evidence.byThreshold?.length ?? 0) > MAX_CLASS_PAIRS;
  const overAll = (score: (matrix: ConfusionMatrix) => Computed): Computed => {
    if (tooMany) return NO_CLASSES;
    return matrix.total === 0 && n > 0 ? POSITIVE_UNKNOWN : score(matrix);
  };
  const ofPositive = (score: (matrix: ConfusionMatrix, positive: string) => Computed): Computed =>
    overAll((known) => (positive === undefined ? POSITIVE_UNKNOWN : score(known, positive)));
  const intervals = classIntervals(matrix, positive, z);
  return (
    [
      ['accuracy', overAll(accuracy)],
      ['balanced_accuracy', overAll(balancedAccuracy)],
      ['precision', ofPositive(precision)],
      ['recall', ofPositive(recall)],
      ['f1', ofPositive(f1)],
      ['precision_macro', overAll(precisionMacro)],
      ['recall_macro', overAll(recallMacro)],
      ['f1_macro', overAll(f1Macro)],
      ['precision_weighted', overAll(precisionWeighted)],
      ['recall_weighted', overAll(recallWeighted)],
      ['f1_weighted', overAll(f1Weighted)],
      ['mcc', overAll(matthewsCorrelation)],
      ['cohen_kappa', overAll(cohenKappa)],
    ] as const
  ).map(([metric, computed]) => ({
    metric,
    n,
    computed,
    method: DEFINED_ELSEWHERE,
    interval: intervals.get(metric),
  }));
}

/** Of the metrics that are shares of something counted, and of f1, which is made of one. */
function classIntervals(
  matrix: ConfusionMatrix,
  positive: string | undefined,
  z: number,
): ReadonlyMap<string, ConfidenceInterval | undefined> {
  const share = (successes: number, n: number) => (n === 0 ? undefined : shareInterval(successes, n, z));
  const { labelled, predicted, correct } = classCounts(matrix, positive ?? '');
  return new Map([
    ['accuracy', share(matrix.correct, matrix.total)],
    ['precision', share(correct, predicted)],
    ['recall', share(correct, labelled)],
    ['f1', f1Interval({ labelled, predicted, correct }, z)],
  ]);
}

/** A mean of squares, and so its variance is one of fourth powers. */
function brierInterval(
  { scores, positives, negatives, ...counts }: ScoreCounts,
  z: number,
): ConfidenceInterval | undefined {
  let [sum, sumOfSquares] = [0, 0];
  for (const [i, score] of scores.entries()) {
    const [ofPositive, ofNegative] = [(1 - score) ** 2, score ** 2];
    sum += (positives[i] as number) * ofPositive + (negatives[i] as number) * ofNegative;
    sumOfSquares += (positives[i] as number) * ofPositive ** 2 + (negatives[i] as number) * ofNegative ** 2;
  }
  return meanInterval({ n: counts.totalPositives + counts.totalNegatives, sum, sumOfSquares }, z);
}

function ofScores(evidence: ClassEvidence, positive: string | undefined, z: number): Figure[] {
  const { scores, threshold = 0.5 } = evidence;
  const n = scores === undefined ? 0 : scores.counts.totalPositives + scores.counts.totalNegatives;
  const rounding =
    scores === undefined || scores.step === 0
      ? ''
      : `, on scores rounded to multiples of 2^${Math.log2(scores.step)}`;
  const ofPositive = (score: (counts: ScoreCounts) => Computed): Computed => {
    if (scores === undefined || n === 0) return undefinedBecause('no labelled prediction has a score');
    return positive === undefined ? POSITIVE_UNKNOWN : score(scores.counts);
  };
  return (
    [
      ['roc_auc', ofPositive(rocAuc), DEFINED_ELSEWHERE],
      ['average_precision', ofPositive(averagePrecision), DEFINED_ELSEWHERE],
      ['log_loss', ofPositive(logLoss), DEFINED_ELSEWHERE],
      ['brier', ofPositive(brier), DEFINED_ELSEWHERE],
      ['ece', ofPositive(ece), 'ten right-closed bins of equal width'],
      [
        'estimated_accuracy',
        ofPositive((counts) => estimatedAccuracy(counts, threshold)),
        `mean probability of being right at threshold ${threshold} if scores are calibrated; cannot see concept drift`,
      ],
    ] as const
  ).map(([metric, computed, method]) => ({
    metric,
    n,
    computed,
    method: `${method}${rounding}`,
    interval: scores === undefined ? undefined : SCORE_INTERVALS[metric]?.(scores.counts, z),
  }));
}

/** The pairs behind the metrics, those among them that the threshold decides. */
export function confusionCells(evidence: ClassEvidence): readonly ConfusionCell[] {
  return cellsAt(evidence, evidence.positive ?? conventionalPositive(classesOf(evidence)));
}

function classesOf({ cells, byThreshold = [] }: ClassEvidence): Set<string> {
  const classes = new Set(byThreshold.map(({ label }) => label));
  for (const { prediction, label } of cells) classes.add(prediction).add(label);
  return classes;
}

/**
 * Pairs of prediction and label, those among them that the threshold decides. A score below it says "another class"; where
 * there are several others it does not say which, and so all of them count as one.
 */
function cellsAt(evidence: ClassEvidence, positive: string | undefined): readonly ConfusionCell[] {
  const { cells, byThreshold = [] } = evidence;
  if (positive === undefined || byThreshold.length === 0) return cells;
  const others = classesOf(evidence);
  others.delete(positive);
  const [only] = others;
  const negative = others.size === 1 && only !== undefined ? only : `not ${positive}`;
  const nameOf = (name: string): string => (name === positive ? positive : negative);
  return [
    ...cells.map(({ prediction, label, count }) => ({
      prediction: nameOf(prediction),
      label: nameOf(label),
      count,
    })),
    ...byThreshold.flatMap(({ label, above, below }) => [
      { prediction: positive, label: nameOf(label), count: above },
      { prediction: negative, label: nameOf(label), count: below },
    ]),
  ];
}
