import type { Computed } from '../stats/computed.ts';
import { type CalibrationBin, calibrationCurve } from '../stats/score/calibration-curve.ts';
import { type ConfusionCell, confusionMatrix } from '../stats/score/confusion.ts';
import { f1 } from '../stats/score/f1.ts';
import { precision } from '../stats/score/precision.ts';
import { recall } from '../stats/score/recall.ts';
import { confusionCells, MAX_CLASS_PAIRS } from './class-metrics.ts';
import type { LabelledEvidence } from './performance-metrics.ts';

/** What lies behind the performance of a classification. */
export interface PerformanceDetails {
  readonly confusion: readonly ConfusionCell[];
  /** Labelled events of pairs that are not listed. */
  readonly confusionRest: number;
  readonly classes: readonly ClassDetails[];
  readonly calibration: readonly CalibrationBin[];
}

interface ClassDetails {
  readonly name: string;
  /** Undefined where nothing was predicted as this class. */
  readonly precision: number | undefined;
  /** Undefined where nothing is labelled as this class. */
  readonly recall: number | undefined;
  readonly f1: number | undefined;
  /** Labels of this class. */
  readonly support: number;
}

/** So many pairs and classes are listed, the most frequent ones. */
const LISTED = { pairs: 1_000, classes: 200 };

/** Undefined for a regression, and where there are too many pairs for classes. */
export function performanceDetails(evidence: LabelledEvidence): PerformanceDetails | undefined {
  if (evidence.task !== 'classification' || evidence.cells.length > MAX_CLASS_PAIRS) return undefined;
  const matrix = confusionMatrix(confusionCells(evidence));
  const cells = merged(confusionCells(evidence)).sort((a, b) => b.count - a.count);
  const listed = cells.slice(0, LISTED.pairs);
  const classes = [...matrix.classes]
    .sort(([, a], [, b]) => b.labelled - a.labelled)
    .slice(0, LISTED.classes);
  return {
    confusion: listed,
    confusionRest: matrix.total - listed.reduce((sum, { count }) => sum + count, 0),
    classes: classes.map(([name, { labelled: support }]) => ({
      name,
      precision: numberOf(precision(matrix, name)),
      recall: numberOf(recall(matrix, name)),
      f1: numberOf(f1(matrix, name)),
      support,
    })),
    calibration: evidence.scores === undefined ? [] : calibrationCurve(evidence.scores.counts),
  };
}

/** Pairs that the threshold decides come beside those that the model named. */
function merged(cells: readonly ConfusionCell[]): ConfusionCell[] {
  const pairs = new Map<string, ConfusionCell>();
  for (const cell of cells) {
    if (cell.count === 0) continue;
    const key = JSON.stringify([cell.prediction, cell.label]);
    pairs.set(key, { ...cell, count: (pairs.get(key)?.count ?? 0) + cell.count });
  }
  return [...pairs.values()];
}

function numberOf(computed: Computed): number | undefined {
  return computed.defined ? computed.value : undefined;
}
