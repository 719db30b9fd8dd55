import { labelBias } from '../metrics/label-bias.ts';
import type { PerformancePolicy } from '../metrics/labelled-evidence.ts';
import type { LabelledEvidence } from '../metrics/performance-metrics.ts';
import { CONVENTIONAL_POSITIVES } from '../metrics/positive-class.ts';
import type { MetricResult } from '../metrics/result.ts';
import type { Period } from '../rules/alert.ts';
import { definedIfFinite, undefinedBecause } from '../stats/computed.ts';
import type { ErrorSums } from '../store/error-sums.ts';
import type { CellQuery, LabelledCells } from '../store/labelled-cells.ts';
import type { NumberBias } from '../store/number-bias.ts';
import { classBias, classEvidence } from './class-evidence.ts';

/** What the store knows of the labelled predictions that a model made in a period, by version. */
export interface LabelledPorts {
  readonly labelledCells: (model: string, period: Period, about: CellQuery) => Promise<LabelledCells>;
  readonly errorSums: (model: string, period: Period) => Promise<ErrorSums[]>;
  readonly numberBias: (model: string, period: Period) => Promise<NumberBias[]>;
}

/** What the labels of a window say about one version of a model. */
export interface LabelledWindow {
  readonly evidence: LabelledEvidence;
  /** How the predictions whose labels have come differ from the others. */
  readonly bias: MetricResult;
}

/**
 * Asks the store what the labels of a window say about each version of a model.
 *
 * @param predictions how many it has, about
 */
export async function labelledWindow(
  policy: PerformancePolicy,
  model: string,
  window: Period,
  predictions: number,
  ports: LabelledPorts,
): Promise<(version: string) => LabelledWindow> {
  if (policy.task === 'regression') {
    const sums = await ports.errorSums(model, window);
    const biases = await ports.numberBias(model, window);
    return (version) => {
      const known = biases.find((row) => row.version === version);
      return {
        evidence: regression(sums.find((row) => row.version === version)),
        bias: labelBias(known && { kind: 'numbers', of: 'prediction', ...known }),
      };
    };
  }
  const positives = policy.positive === undefined ? CONVENTIONAL_POSITIVES : [policy.positive];
  const { cells, steps } = await ports.labelledCells(model, window, {
    positives,
    threshold: policy.threshold,
    predictions,
  });
  return (version) => {
    const own = cells.filter((cell) => cell.version === version);
    return {
      evidence: classEvidence(policy, positives, own, steps.get(version) ?? 0),
      bias: labelBias(classBias(own)),
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
