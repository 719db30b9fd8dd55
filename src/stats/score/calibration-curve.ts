import type { ScoreCounts } from './score-counts.ts';

/** What came of the scores between two tenths. */
export interface CalibrationBin {
  /** 0 for scores up to 0.1, 9 for those above 0.9. */
  readonly bin: number;
  readonly count: number;
  readonly meanScore: number;
  /** Of items of the positive class. */
  readonly share: number;
}

const BINS = 10;

/**
 * The calibration curve, or reliability diagram: what share of items was positive, beside the mean of the scores that
 * promised it, in ten bins of equal width, right-closed and 0 in the first, as for `ece`. Bins without items are left out.
 *
 * Empty where a score lies outside 0 to 1, so that scores are no probabilities.
 *
 * Reference: Niculescu-Mizil and Caruana, Predicting good probabilities with supervised learning, ICML (2005);
 * scikit-learn's `calibration_curve`, whose bins are closed on the left.
 */
export function calibrationCurve({ scores, positives, negatives }: ScoreCounts): CalibrationBin[] {
  if (scores.length === 0 || (scores[0] as number) < 0 || (scores.at(-1) as number) > 1) return [];
  const bins = Array.from({ length: BINS }, () => ({ count: 0, sum: 0, positives: 0 }));
  for (const [i, score] of scores.entries()) {
    const bin = bins[calibrationBinOf(score)] as (typeof bins)[number];
    const count = (positives[i] as number) + (negatives[i] as number);
    bin.count += count;
    bin.sum += count * score;
    bin.positives += positives[i] as number;
  }
  return bins.flatMap(({ count, sum, positives: known }, bin) =>
    count === 0 ? [] : [{ bin, count, meanScore: sum / count, share: known / count }],
  );
}

/** The number of inner edges 0.1, 0.2 .. 0.9 that lie strictly below. */
export function calibrationBinOf(score: number): number {
  let bin = 0;
  while (bin < BINS - 1 && (bin + 1) / BINS < score) bin += 1;
  return bin;
}
