import { type ScoreCell, type ScoreCounts, scoreCounts } from '../score/score-counts.ts';
import { type IsotonicBlock, isotonicRegression, isotonicShare } from './isotonic-regression.ts';

/** How scores become probabilities, as a labelled sample tells. */
export interface Calibration {
  /** `isotonic` where that predicts unseen labels better than the scores do by themselves. */
  readonly method: 'isotonic' | 'scores';
  /** The isotonic regression on the whole sample, whichever method it is: it also says how much is known, and where. */
  readonly blocks: readonly IsotonicBlock[];
  /** By how much isotonic regression lessens the squared error of unseen labels, with its standard error; null for scores that are no probabilities. */
  readonly gain: { readonly value: number; readonly standardError: number } | null;
}

/** Labels of each class that it takes to say anything. */
const LEAST_OF_A_CLASS = 20;

const FOLDS = 5;

/** A gain of fewer standard errors may be none. */
const CLEAR_GAIN = 2;

/**
 * Learns from labelled scores how to turn scores into probabilities.
 *
 * Whether isotonic regression helps is cross-validated: it is fitted on four fifths of the sample and judged on the last one by
 * the squared error (Brier), five times. Where the scores themselves do as well, within two standard errors, they are kept:
 * a regression that is not needed only adds its own noise. Scores outside 0 to 1 are no probabilities, and need it.
 *
 * @returns undefined with fewer than 20 labels of either class.
 */
export function calibrate(counts: ScoreCounts): Calibration | undefined {
  if (Math.min(counts.totalPositives, counts.totalNegatives) < LEAST_OF_A_CLASS) return undefined;
  const blocks = isotonicRegression(counts);
  const { scores } = counts;
  if ((scores[0] as number) < 0 || (scores[scores.length - 1] as number) > 1) {
    return { method: 'isotonic', blocks, gain: null };
  }
  const gain = crossValidatedGain(counts);
  const helps = gain.value > CLEAR_GAIN * gain.standardError;
  return { method: helps ? 'isotonic' : 'scores', blocks, gain };
}

/** The probability of the positive class at a score; a score that should be one is taken for the nearest that is. */
export function probabilityOf({ method, blocks }: Calibration, score: number): number {
  return method === 'isotonic' ? isotonicShare(blocks, score) : Math.min(1, Math.max(0, score));
}

function crossValidatedGain(counts: ScoreCounts): { value: number; standardError: number } {
  let [n, sum, sumOfSquares] = [0, 0, 0];
  for (let fold = 0; fold < FOLDS; fold += 1) {
    const blocks = isotonicRegression(scoreCounts(cellsOf(counts, fold, false)));
    for (const { score, positives, negatives } of cellsOf(counts, fold, true)) {
      const probability = isotonicShare(blocks, score);
      for (const [label, count] of [
        [1, positives],
        [0, negatives],
      ] as const) {
        const gain = (score - label) ** 2 - (probability - label) ** 2;
        n += count;
        sum += count * gain;
        sumOfSquares += count * gain ** 2;
      }
    }
  }
  const value = sum / n;
  return { value, standardError: Math.sqrt(Math.max(0, sumOfSquares / n - value ** 2) / n) };
}

/**
 * The items of one fold, or all others. Items are dealt out one by one in the order of their scores, so that all folds have
 * the same ones.
 */
function* cellsOf(
  { scores, positives, negatives }: ScoreCounts,
  fold: number,
  isHeld: boolean,
): Generator<ScoreCell> {
  let next = 0;
  const part = (count: number): number => {
    const turn = (fold - next + FOLDS) % FOLDS;
    next = (next + count) % FOLDS;
    const held = Math.max(0, Math.ceil((count - turn) / FOLDS));
    return isHeld ? held : count - held;
  };
  for (let i = 0; i < scores.length; i += 1) {
    const ofPositives = part(positives[i] as number);
    const ofNegatives = part(negatives[i] as number);
    yield { score: scores[i] as number, positives: ofPositives, negatives: ofNegatives };
  }
}
