import type { ScoreCounts } from '../score/score-counts.ts';
import { type ConfidenceInterval, Z_95 } from './confidence-interval.ts';
import { wilsonInterval } from './wilson-interval.ts';

/**
 * Confidence interval of the area under the ROC curve, by DeLong's variance.
 *
 * Each positive is placed among the negatives: the share of them with a lower score, ties counting half; and each negative
 * among the positives. The variances of the two kinds of places, divided by their numbers, add up to that of the area. The
 * interval is taken on the logit scale, so that it lies within 0 to 1. Where the ranking is perfect, or perfectly wrong, there
 * is no variance to see: then Wilson's interval of a share of the rarer class is taken, which is wider than need be.
 *
 * Undefined with fewer than two positives or negatives, of which no variance can be told.
 *
 * Reference: DeLong, DeLong and Clarke-Pearson, Comparing the areas under two or more correlated receiver operating
 * characteristic curves, Biometrics 44 (1988); the logit scale: Pepe, The statistical evaluation of medical tests (2003),
 * section 5.3.
 */
export function delongInterval(counts: ScoreCounts, z: number = Z_95): ConfidenceInterval | undefined {
  const { scores, positives, negatives, totalPositives: m, totalNegatives: n } = counts;
  if (m < 2 || n < 2) return undefined;
  const [ofPositives, ofNegatives] = [new Places(), new Places()];
  let positivesBelow = 0;
  let negativesBelow = 0;
  for (let i = 0; i < scores.length; i += 1) {
    const [here, others] = [positives[i] as number, negatives[i] as number];
    ofPositives.add((negativesBelow + others / 2) / n, here);
    ofNegatives.add((m - positivesBelow - here / 2) / m, others);
    positivesBelow += here;
    negativesBelow += others;
  }
  const area = ofPositives.mean;
  const variance = ofPositives.variance / m + ofNegatives.variance / n;
  const rare = Math.min(m, n);
  if (variance === 0 || area <= 0 || area >= 1) return wilsonInterval(Math.min(1, area) * rare, rare, z);
  const logit = Math.log(area / (1 - area));
  const reach = (z * Math.sqrt(variance)) / (area * (1 - area));
  return { lower: 1 / (1 + Math.exp(reach - logit)), upper: 1 / (1 + Math.exp(-reach - logit)) };
}

/** Mean and sample variance of weighted values, by Welford's recurrence, which loses no digits to large means. */
class Places {
  #count = 0;
  #squares = 0;
  mean = 0;

  add(value: number, weight: number): void {
    if (weight === 0) return;
    this.#count += weight;
    const delta = value - this.mean;
    this.mean += (delta * weight) / this.#count;
    this.#squares += weight * delta * (value - this.mean);
  }

  get variance(): number {
    return this.#squares / (this.#count - 1);
  }
}
