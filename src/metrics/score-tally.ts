import { type ScoreCell, type ScoreCounts, scoreCounts } from '../stats/score/score-counts.ts';
import { SortedCounts } from './sorted-counts.ts';

/** Labelled scores, and how far they were rounded to keep memory bounded. */
export interface ScoreEvidence {
  readonly counts: ScoreCounts;
  /** Scores are exact when it is 0; otherwise multiples of it. */
  readonly step: number;
}

/** Up to this many distinct scores every one is kept as it is. */
export const EXACT_SCORES = 262_144;

/** Past that, this many steps lie between 0 and the largest score, or 1 if that is larger. */
const SCORE_STEPS = 2 ** 20;

/** The step of scores that reach this far from 0: a power of two. */
export function scoreStep(reach: number, steps: number = SCORE_STEPS): number {
  let step = 1 / steps;
  while (step * steps < reach) step *= 2;
  return step;
}

/** Whatever lies further from 0 is not taken for a score: multiples of steps would leave the range of a double. */
export const LARGEST_SCORE = 1e300;

/**
 * Counts labelled scores in memory that does not grow with their number: exactly up to 262 144 distinct ones, past
 * that rounded to multiples of 2^-20 (of a correspondingly larger power of two where scores leave -1..1).
 */
export class ScoreTally {
  readonly #limit: number;
  readonly #steps: number;
  #positives = new SortedCounts();
  #negatives = new SortedCounts();
  #rounded: RoundedScores | undefined;

  /**
   * @param limit distinct scores that are kept as they are
   * @param steps between 0 and 1 past that, a power of two
   */
  constructor(limit: number = EXACT_SCORES, steps: number = SCORE_STEPS) {
    this.#limit = limit;
    this.#steps = steps;
  }

  add(score: number, isPositive: boolean): void {
    if (!(Math.abs(score) <= LARGEST_SCORE)) return;
    if (this.#rounded !== undefined) this.#rounded.add(score, isPositive ? 1 : 0, isPositive ? 0 : 1);
    else if ((isPositive ? this.#positives : this.#negatives).add(score)) this.#keepWithinLimit();
  }

  evidence(): ScoreEvidence {
    this.#keepWithinLimit();
    const rounded = this.#rounded;
    if (rounded !== undefined) return { counts: scoreCounts(rounded.cells()), step: rounded.step };
    return { counts: scoreCounts(this.#cells()), step: 0 };
  }

  #keepWithinLimit(): void {
    if (this.#rounded !== undefined) return;
    const distinct = this.#positives.values.length + this.#negatives.values.length;
    if (distinct <= this.#limit || scoreCounts(this.#cells()).scores.length <= this.#limit) return;
    const rounded = new RoundedScores(this.#steps);
    for (const { score, positives, negatives } of this.#cells()) rounded.add(score, positives, negatives);
    this.#positives = new SortedCounts();
    this.#negatives = new SortedCounts();
    this.#rounded = rounded;
  }

  /** Both kinds by ascending score. */
  *#cells(): Generator<ScoreCell> {
    const [positives, negatives] = [this.#positives, this.#negatives];
    const [ofPositives, ofNegatives] = [positives.values, negatives.values];
    let [i, j] = [0, 0];
    while (i < ofPositives.length || j < ofNegatives.length) {
      const score = Math.min(
        ofPositives[i] ?? Number.POSITIVE_INFINITY,
        ofNegatives[j] ?? Number.POSITIVE_INFINITY,
      );
      const cell = { score, positives: 0, negatives: 0 };
      if (ofPositives[i] === score) cell.positives = positives.counts[i++] as number;
      if (ofNegatives[j] === score) cell.negatives = negatives.counts[j++] as number;
      yield cell;
    }
  }
}

/** Counts of scores at all multiples of a step between the largest score met and its negative. */
class RoundedScores {
  readonly #steps: number;
  step: number;
  #positives: Float64Array;
  #negatives: Float64Array;

  constructor(steps: number) {
    this.#steps = steps;
    this.step = 1 / steps;
    this.#positives = new Float64Array(2 * steps + 1);
    this.#negatives = new Float64Array(2 * steps + 1);
  }

  add(score: number, positives: number, negatives: number): void {
    if (Math.abs(score) > this.step * this.#steps) this.#widen(Math.abs(score));
    const place = this.#steps + Math.round(score / this.step);
    this.#positives[place]! += positives;
    this.#negatives[place]! += negatives;
  }

  *cells(): Generator<ScoreCell> {
    for (let place = 0; place <= 2 * this.#steps; place += 1) {
      const positives = this.#positives[place] as number;
      const negatives = this.#negatives[place] as number;
      if (positives + negatives === 0) continue;
      yield { score: (place - this.#steps) * this.step, positives, negatives };
    }
  }

  #widen(reach: number): void {
    const [step, positives, negatives] = [this.step, this.#positives, this.#negatives];
    this.step = scoreStep(reach, this.#steps);
    this.#positives = new Float64Array(positives.length);
    this.#negatives = new Float64Array(negatives.length);
    for (let place = 0; place < positives.length; place += 1) {
      const wider = this.#steps + Math.round(((place - this.#steps) * step) / this.step);
      this.#positives[wider]! += positives[place] as number;
      this.#negatives[wider]! += negatives[place] as number;
    }
  }
}
