import type { Baseline, BaselineFeature } from '../profile/baseline.ts';
import {
  type FeatureProfile,
  isOutputFeature,
  MULTIVARIATE_FEATURE,
  PREDICTION_FEATURE,
  SCORE_FEATURE,
} from '../profile/feature-spec.ts';
import { profileStd } from '../profile/numeric-profile.ts';
import { countsByScoreCell } from '../profile/score-means.ts';
import type { MetricResults } from './result.ts';
import type { MetricName } from './table.ts';

/** A feature whose distribution has shifted beyond noise. */
export interface MovedFeature {
  readonly feature: string;
  readonly psiAdjusted: number;
  /** The smallest of those of its values and of its missing, invalid and unseen shares. */
  readonly qValue: number;
  /**
   * By how much the mean score would move if scores depended on this feature alone, as they did in the baseline; in standard
   * deviations of the baseline's scores. Not there where the baseline does not know.
   */
  readonly scoreShift?: number;
}

/** Larger q-values are noise. */
const LEVEL = 0.01;
/** Values that went missing, or were never seen before, are a move as well. */
const Q_VALUES: readonly MetricName[] = ['q_value', 'missing_q_value', 'invalid_q_value', 'unseen_q_value'];

/**
 * The features that moved beyond noise: those first that by their own shift move the score most, then by how far they moved.
 * What each does to the score overlaps with what others do, so the shifts do not add up.
 *
 * @param metrics of each feature, q-values included
 */
export function movedFeatures(
  baseline: Pick<Baseline, 'features'>,
  metrics: ReadonlyMap<string, { readonly window: MetricResults }>,
  reference: ReadonlyMap<string, FeatureProfile>,
  current: ReadonlyMap<string, FeatureProfile>,
): MovedFeature[] {
  const spread = scoreSpread(baseline);
  const moved: MovedFeature[] = [];
  for (const [name, { window }] of metrics) {
    const [known, before, now] = [baseline.features.get(name), reference.get(name), current.get(name)];
    const qValues = Q_VALUES.flatMap((metric) => numberIn(window, metric) ?? []);
    if (isOutputFeature(name) || name === MULTIVARIATE_FEATURE) continue;
    if (known === undefined || before === undefined || now === undefined) continue;
    const qValue = Math.min(...qValues);
    if (!(qValue <= LEVEL)) continue;
    const scoreShift = spread && shiftOf(known, before, now, spread);
    moved.push({
      feature: name,
      psiAdjusted: numberIn(window, 'psi_adjusted') ?? 0,
      qValue,
      ...(scoreShift !== undefined && { scoreShift }),
    });
  }
  return moved.sort(
    (a, b) =>
      Math.abs(b.scoreShift ?? 0) - Math.abs(a.scoreShift ?? 0) ||
      b.psiAdjusted - a.psiAdjusted ||
      (a.feature < b.feature ? -1 : 1),
  );
}

/** sum of (q - p) times the mean score, over cells; those that had no score in the baseline take the mean of all others. */
function shiftOf(
  { spec, scoreMeans }: BaselineFeature,
  before: FeatureProfile,
  now: FeatureProfile,
  spread: number,
): number | undefined {
  if (scoreMeans === undefined) return undefined;
  const [p, q] = [before, now].map((profile) => countsByScoreCell(spec, profile)) as [
    Float64Array,
    Float64Array,
  ];
  const [n, m] = [total(p), total(q)];
  const means = [...scoreMeans.cells, scoreMeans.none];
  const scored = means.map((mean, cell) => (mean === null ? 0 : (p[cell] as number)));
  const all = total(scored);
  if (n === 0 || m === 0 || all === 0) return undefined;
  const middle =
    means.reduce<number>((sum, mean, cell) => sum + (mean ?? 0) * (scored[cell] as number), 0) / all;
  let shift = 0;
  for (const [cell, mean] of means.entries())
    shift += ((q[cell] as number) / m - (p[cell] as number) / n) * ((mean ?? middle) - middle);
  return shift / spread;
}

/** Of the scores that the means are of; undefined where there are none, or all are alike. */
function scoreSpread({ features }: Pick<Baseline, 'features'>): number | undefined {
  const output = features.get(SCORE_FEATURE) ?? features.get(PREDICTION_FEATURE);
  if (output?.reference.kind !== 'numeric') return undefined;
  const spread = profileStd(output.reference);
  return spread.defined && spread.value > 0 ? spread.value : undefined;
}

function numberIn(metrics: MetricResults, metric: MetricName): number | undefined {
  const result = metrics.get(metric);
  return result?.status === 'ok' ? result.value : undefined;
}

function total(counts: Iterable<number>): number {
  let sum = 0;
  for (const count of counts) sum += count;
  return sum;
}
