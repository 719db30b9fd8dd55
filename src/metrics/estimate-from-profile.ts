import type { Baseline } from '../profile/baseline.ts';
import {
  type FeatureProfile,
  type FeatureSpec,
  PREDICTION_FEATURE,
  SCORE_FEATURE,
} from '../profile/feature-spec.ts';
import { nextBelow } from '../profile/next-below.ts';
import { type Calibration, probabilityOf } from '../stats/calibration/calibrate.ts';
import {
  type Expectation,
  type ExpectedPerformance,
  expectedPerformance,
  type UnlabelledCell,
} from '../stats/calibration/expected-performance.ts';
import { blockOf, type IsotonicBlock } from '../stats/calibration/isotonic-regression.ts';
import { type Computed, defined, undefinedBecause } from '../stats/computed.ts';
import { Z_95 } from '../stats/interval/confidence-interval.ts';
import type { PerformancePolicy } from './labelled-evidence.ts';
import { conventionalPositive } from './positive-class.ts';
import type { MetricResult } from './result.ts';
import type { MetricName } from './table.ts';

/** Which expectation each metric is, and the most that it can be. */
const ESTIMATES = [
  ['estimated_accuracy', ({ accuracy }) => defined(accuracy), 1],
  ['estimated_precision', ({ precision }) => precision, 1],
  ['estimated_recall', ({ recall }) => recall, 1],
  ['estimated_f1', ({ f1 }) => f1, 1],
  ['estimated_roc_auc', ({ rocAuc }) => rocAuc, 1],
  ['estimated_true_positives', ({ truePositives }) => defined(truePositives), 'n'],
  ['estimated_false_positives', ({ falsePositives }) => defined(falsePositives), 'n'],
  ['estimated_false_negatives', ({ falseNegatives }) => defined(falseNegatives), 'n'],
  ['estimated_true_negatives', ({ trueNegatives }) => defined(trueNegatives), 'n'],
] as const satisfies ReadonlyArray<
  readonly [MetricName, (expected: ExpectedPerformance) => Computed<Expectation>, 1 | 'n']
>;

export const ESTIMATED_METRICS: readonly MetricName[] = ESTIMATES.map(([metric]) => metric);

/**
 * How well a model does on all predictions that a profile counted, whether or not their labels have come: read off the scores,
 * made probabilities as the baseline's labels tell. Every score counts as the middle of its cell; cells are 1/500 wide or
 * narrower, and the one that the threshold divides is divided.
 *
 * Each estimate comes with the interval in which the realised metric will lie with 95 % confidence if scores and labels belong
 * together as they did in the baseline. That they still do is what it cannot see.
 *
 * @returns none for a model that logs no score, for a regression, and where scores may be those of any class.
 */
export function estimateFromProfile(
  { features, calibration }: Pick<Baseline, 'features' | 'calibration'>,
  profile: FeatureProfile | undefined,
  { task, positive, threshold }: PerformancePolicy,
): MetricResult[] {
  const spec = features.get(SCORE_FEATURE)?.spec;
  if (task === 'regression' || spec?.kind !== 'numeric') return [];
  if (positive === undefined && !isConventional(features.get(PREDICTION_FEATURE)?.spec)) return [];
  const n = profile?.n ?? 0;
  const about = { n, baselineN: labelsOf(calibration), method: methodOf(calibration, threshold) };
  const allWithout = (status: 'no_data' | 'undefined', reason: string): MetricResult[] =>
    ESTIMATED_METRICS.map((metric) => ({ metric, ...about, status, reason }));
  if (profile?.kind !== 'numeric' || n === 0) {
    return allWithout('no_data', 'no prediction of the window has a score');
  }
  if (calibration?.method !== 'isotonic' && (profile.min < 0 || profile.max > 1)) {
    return allWithout('undefined', 'some scores lie outside 0 to 1, so that they are no probabilities');
  }
  const isAmongOthers = severalOthers(features.get(PREDICTION_FEATURE)?.spec);
  const cells = [...cellsOf(spec.grid.edges, profile, threshold, calibration)];
  const expected = expectedPerformance(cells, (calibration?.blocks ?? []).map(varianceOf));
  if (expected === undefined) return allWithout('no_data', 'no prediction of the window has a score');
  return ESTIMATES.map(([metric, of, most]): MetricResult => {
    const estimate = metric === 'estimated_accuracy' && isAmongOthers ? SEVERAL_OTHERS : of(expected);
    if (!estimate.defined) return { metric, ...about, status: 'undefined', reason: estimate.reason };
    const { value, standardError } = estimate.value;
    const reach = Z_95 * standardError;
    const interval = {
      lower: Math.max(0, value - reach),
      upper: Math.min(most === 'n' ? n : most, value + reach),
    };
    return { metric, ...about, status: 'ok', value, interval };
  });
}

const SEVERAL_OTHERS = undefinedBecause(
  'the model answers with more than two classes, and the score of one does not say which of the others is right',
);

function severalOthers(predictions: FeatureSpec | undefined): boolean {
  return predictions?.kind === 'categorical' && predictions.categories.length > 2;
}

function labelsOf(calibration: Calibration | undefined): number {
  return (calibration?.blocks ?? []).reduce((sum, { total }) => sum + total, 0);
}

function methodOf(calibration: Calibration | undefined, threshold: number): string {
  const scores =
    calibration === undefined
      ? 'scores taken as probabilities, as the baseline holds no calibration'
      : calibration.method === 'isotonic'
        ? 'scores calibrated by isotonic regression on the baseline'
        : 'scores taken as probabilities, which calibrating them on the baseline did not better';
  return `expected at threshold ${threshold}, ${scores}; cannot see concept drift`;
}

/** Of the share of a block; a share of none or of all is not known exactly either, so each class counts one more. */
function varianceOf({ positives, total }: IsotonicBlock): number {
  const share = (positives + 1) / (total + 2);
  return (share * (1 - share)) / total;
}

/** Without any class logged, the score is all there is, and so that of the positive class. */
function isConventional(predictions: FeatureSpec | undefined): boolean {
  if (predictions === undefined) return true;
  return predictions.kind === 'categorical' && conventionalPositive(predictions.categories) !== undefined;
}

function* cellsOf(
  edges: Float64Array,
  profile: Extract<FeatureProfile, { kind: 'numeric' }>,
  threshold: number,
  calibration: Calibration | undefined,
): Generator<UnlabelledCell> {
  for (const { from, to, count } of partsOf(edges, profile, threshold)) {
    const score = from + (to - from) / 2;
    yield {
      score,
      count,
      predicted: score >= threshold,
      probability: calibration === undefined ? score : probabilityOf(calibration, score),
      ...(calibration !== undefined && { block: blockOf(calibration.blocks, score) }),
    };
  }
}

/** The cells that have scores, each from its least score to its largest; where the threshold lies within one, its two parts. */
function* partsOf(
  edges: Float64Array,
  { cells, min, max }: Extract<FeatureProfile, { kind: 'numeric' }>,
  threshold: number,
): Generator<{ from: number; to: number; count: number }> {
  for (const [i, count] of cells.entries()) {
    if (count === 0) continue;
    const left = Math.max(min, edges[i - 1] ?? min);
    const right = Math.min(max, edges[i] ?? max);
    if (left >= nextBelow(right)) {
      // A cell of a single value: its middle would round to the edge that it excludes.
      yield { from: right, to: right, count };
    } else if (left < threshold && threshold < right) {
      const below = (count * (threshold - left)) / (right - left);
      yield { from: left, to: nextBelow(threshold), count: below };
      yield { from: threshold, to: right, count: count - below };
    } else yield { from: left, to: right, count };
  }
}
