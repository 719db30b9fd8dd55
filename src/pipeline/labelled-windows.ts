import type { PerformancePolicy } from '../metrics/labelled-evidence.ts';
import type { LabelledEvidence } from '../metrics/performance-metrics.ts';
import { CONVENTIONAL_POSITIVES } from '../metrics/positive-class.ts';
import type { Period } from '../rules/alert.ts';
import { definedIfFinite, undefinedBecause } from '../stats/computed.ts';
import type { ScoreRow } from '../store/labelled-scores.ts';
import type { ConfusionRows, ErrorSums } from '../store/performance.ts';

/** What the store knows of the labelled predictions that a model made in a period, by version. */
export interface LabelledPorts {
  readonly confusionCounts: (model: string, period: Period, threshold: number) => Promise<ConfusionRows>;
  /** @param positives the labels of the positive class */
  readonly labelledScores: (
    model: string,
    period: Period,
    positives: readonly string[],
  ) => Promise<ScoreRow[]>;
  readonly errorSums: (model: string, period: Period) => Promise<ErrorSums[]>;
}

/** Asks the store what the labels of a window say about each version of a model. */
export async function labelledEvidence(
  policy: PerformancePolicy,
  model: string,
  window: Period,
  ports: LabelledPorts,
): Promise<(version: string) => LabelledEvidence> {
  const { task, positive, threshold } = policy;
  if (task === 'regression') {
    const sums = await ports.errorSums(model, window);
    return (version) => regression(sums.find((row) => row.version === version));
  }
  const positives = positive === undefined ? CONVENTIONAL_POSITIVES : [positive];
  const { given, byThreshold } = await ports.confusionCounts(model, window, threshold);
  const scores = await ports.labelledScores(model, window, positives);
  return (version) => {
    const scored = scores.find((row) => row.version === version);
    return {
      task,
      positive,
      threshold,
      cells: given.filter((row) => row.version === version),
      byThreshold: byThreshold.filter((row) => row.version === version),
      ...(scored !== undefined && { scores: scored }),
    };
  };
}

function regression(sums: ErrorSums | undefined): LabelledEvidence {
  const task = 'regression';
  if (sums !== undefined) {
    return { task, moments: sums, medianAbsoluteError: definedIfFinite(sums.medianAbsoluteError) };
  }
  const moments = {
    n: 0,
    sumError: 0,
    sumAbsoluteError: 0,
    sumSquaredError: 0,
    sumRelativeError: 0,
    sumLabel: 0,
    sumSquaredLabel: 0,
  };
  return { task, moments, medianAbsoluteError: undefinedBecause('no prediction has a label') };
}
