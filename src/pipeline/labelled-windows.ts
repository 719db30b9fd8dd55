import { labelBias } from '../metrics/label-bias.ts';
import type { PerformancePolicy } from '../metrics/labelled-evidence.ts';
import type { LabelledEvidence } from '../metrics/performance-metrics.ts';
import { CONVENTIONAL_POSITIVES } from '../metrics/positive-class.ts';
import type { MetricResult } from '../metrics/result.ts';
import type { Period } from '../rules/alert.ts';
import { definedIfFinite, undefinedBecause } from '../stats/computed.ts';
import type { ErrorSums } from '../store/error-sums.ts';
import type { CellQuery, LabelledCells } from '../store/labelled-cells.ts';
import type { Slices } from '../store/labelled-join.ts';
import type { NumberBias } from '../store/number-bias.ts';
import type { SegmentSize } from '../store/segment-sizes.ts';
import { classBias, classEvidence } from './class-evidence.ts';

/** What the store knows of the labelled predictions that a model made in a period, by version, or by version and segment. */
export interface LabelledPorts {
  readonly labelledCells: (model: string, period: Period, about: CellQuery) => Promise<LabelledCells>;
  readonly errorSums: (model: string, period: Period, slices?: Slices) => Promise<ErrorSums[]>;
  readonly numberBias: (model: string, period: Period, slices?: Slices) => Promise<NumberBias[]>;
  /** How many predictions of each segment there are, labelled or not; largest first. */
  readonly segmentSizes: (model: string, period: Period) => Promise<SegmentSize[]>;
}

/** What the labels of a window say about one version of a model, or about a segment of it. */
interface LabelledWindow {
  readonly evidence: LabelledEvidence;
  /** How the predictions whose labels have come differ from the others. */
  readonly bias: MetricResult;
}

/** Whose labels are asked for. */
interface Labelled {
  /** How many there are, about; those of all segments, added up. */
  readonly predictions: number;
  /** Segments, instead of the whole population. */
  readonly slices?: Slices;
}

/**
 * What they say of one version.
 *
 * @param together how many segments are judged besides one another
 */
type LabelledOf = (version: string, segment?: string, together?: number) => LabelledWindow;

/** Asks the store what the labels of a window say about each version of a model, or about each of these segments of it. */
export async function labelledWindow(
  policy: PerformancePolicy,
  model: string,
  window: Period,
  { predictions, slices }: Labelled,
  ports: LabelledPorts,
): Promise<LabelledOf> {
  if (policy.task === 'regression') {
    const sums = byPopulation(await ports.errorSums(model, window, slices));
    const biases = byPopulation(await ports.numberBias(model, window, slices));
    return (version, segment = '', together = 1) => {
      const [known] = biases(version, segment);
      return {
        evidence: regression(sums(version, segment)[0]),
        bias: labelBias(known && { kind: 'numbers', of: 'prediction', ...known }, together),
      };
    };
  }
  const positives = policy.positive === undefined ? CONVENTIONAL_POSITIVES : [policy.positive];
  const { cells, steps } = await ports.labelledCells(model, window, {
    positives,
    threshold: policy.threshold,
    predictions,
    slices,
  });
  const cellsOf = byPopulation(cells);
  return (version, segment = '', together = 1) => {
    const own = cellsOf(version, segment);
    return {
      evidence: classEvidence(policy, positives, own, steps.get(version) ?? 0),
      bias: labelBias(classBias(own), together),
    };
  };
}

/** Sorts rows by whom they are about. */
function byPopulation<T extends { readonly version: string; readonly segment: string }>(
  rows: readonly T[],
): (version: string, segment: string) => readonly T[] {
  const sorted = new Map<string, T[]>();
  const keyOf = (version: string, segment: string): string => JSON.stringify([version, segment]);
  for (const row of rows) {
    const key = keyOf(row.version, row.segment);
    const known = sorted.get(key) ?? [];
    sorted.set(key, known);
    known.push(row);
  }
  return (version, segment) => sorted.get(keyOf(version, segment)) ?? [];
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
