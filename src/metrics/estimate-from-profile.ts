import {
  type FeatureProfile,
  type FeatureSpec,
  PREDICTION_FEATURE,
  SCORE_FEATURE,
} from '../profile/feature-spec.ts';
import { nextBelow } from '../profile/next-below.ts';
import { estimatedAccuracy } from '../stats/score/estimated-accuracy.ts';
import { type ScoreCell, scoreCounts } from '../stats/score/score-counts.ts';
import type { PerformancePolicy } from './labelled-evidence.ts';
import { conventionalPositive } from './positive-class.ts';
import type { MetricResult } from './result.ts';

/**
 * `estimated_accuracy` of all predictions that a profile counted, whether or not their labels have come. Every score
 * counts as the middle of its cell; cells are 1/500 wide or narrower, so that the estimate is off by less than 1/1000
 * but for the one cell that the threshold may divide.
 *
 * @returns undefined for a model that logs no score, for a regression, and where scores may be those of any class.
 */
export function estimateFromProfile(
  features: ReadonlyMap<string, { readonly spec: FeatureSpec }>,
  profile: FeatureProfile | undefined,
  { task, positive, threshold }: PerformancePolicy,
): MetricResult | undefined {
  const spec = features.get(SCORE_FEATURE)?.spec;
  if (task === 'regression' || spec?.kind !== 'numeric') return undefined;
  if (positive === undefined && !isConventional(features.get(PREDICTION_FEATURE)?.spec)) return undefined;
  const n = profile?.n ?? 0;
  const about = {
    metric: 'estimated_accuracy',
    n,
    baselineN: 0,
    method: `mean probability of being right at threshold ${threshold} if scores are calibrated, read off their profile; cannot see concept drift`,
  } as const;
  if (profile?.kind !== 'numeric' || n === 0) {
    return { ...about, status: 'no_data', reason: 'no prediction of the window has a score' };
  }
  const counts = scoreCounts(middles(spec.grid.edges, profile));
  const estimate = estimatedAccuracy(counts, threshold);
  return estimate.defined
    ? { ...about, status: 'ok', value: estimate.value }
    : { ...about, status: 'undefined', reason: estimate.reason };
}

/** Without any class logged, the score is all there is, and so that of the positive class. */
function isConventional(predictions: FeatureSpec | undefined): boolean {
  if (predictions === undefined) return true;
  return predictions.kind === 'categorical' && conventionalPositive(predictions.categories) !== undefined;
}

function* middles(
  edges: Float64Array,
  { cells, min, max }: Extract<FeatureProfile, { kind: 'numeric' }>,
): Generator<ScoreCell> {
  for (const [i, positives] of cells.entries()) {
    if (positives === 0) continue;
    const left = Math.max(min, edges[i - 1] ?? min);
    const right = Math.min(max, edges[i] ?? max);
    // A cell of a single value: its middle would round to the edge that it excludes.
    const score = left >= nextBelow(right) ? right : left + (right - left) / 2;
    yield { score, positives, negatives: 0 };
  }
}
