import type { Computed } from '../computed.ts';
import { calibrationBinOf } from './calibration-curve.ts';
import { meanOverProbabilities, type ScoreCounts } from './score-counts.ts';

const BINS = 10;

/**
 * Expected calibration error: by how much scores miss the frequencies that they claim.
 *
 * Scores fall into ten bins of equal width, right-closed and 0 in the first. The mean over all items of how far, in
 * an item's bin, the mean score is from the share of positives.
 *
 * Range: 0 to 1. Undefined without scores, and when a score lies outside 0 to 1. A single class among the labels
 * is no obstacle. In small samples it is above 0 even for perfectly calibrated scores.
 *
 * Reference: Guo et al., On calibration of modern neural networks, ICML (2017), with ten bins.
 *
 * @example
 * const counts = scoreCounts([
 *   { score: 0.85, positives: 1, negatives: 0 },
 *   { score: 0.15, positives: 0, negatives: 1 },
 * ]);
 * ece(counts); // { defined: true, value: 0.15 }
 */
export function ece(counts: ScoreCounts): Computed {
  const surplus = new Float64Array(BINS);
  const mean = meanOverProbabilities(counts, (score, positives, negatives) => {
    surplus[calibrationBinOf(score)]! += (positives + negatives) * score - positives;
    return 0;
  });
  if (!mean.defined) return mean;
  const missed = surplus.reduce((sum, value) => sum + Math.abs(value), 0);
  return { defined: true, value: missed / (counts.totalPositives + counts.totalNegatives) };
}
