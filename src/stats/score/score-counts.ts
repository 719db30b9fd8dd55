import { type Computed, definedIfFinite, undefinedBecause } from '../computed.ts';

/** Items with one score, by what turned out to be true of them. */
export interface ScoreCell {
  readonly score: number;
  /** Items of the positive class; 0 or more. */
  readonly positives: number;
  /** Items of any other class; 0 or more. */
  readonly negatives: number;
}

/**
 * All that the metrics of a score need: how many items of the positive class, and how many others, carry each
 * distinct score. The three arrays have the same length; scores ascend.
 */
export interface ScoreCounts {
  readonly scores: Float64Array;
  readonly positives: Float64Array;
  readonly negatives: Float64Array;
  readonly totalPositives: number;
  readonly totalNegatives: number;
}

/**
 * Adds up labelled scores, in any order; a score that comes twice counts twice. Cells without items are left
 * out. The caller bounds the number of distinct scores.
 *
 * @throws RangeError for a score that is not finite, and for a count that is negative or not finite.
 *
 * @example
 * scoreCounts([
 *   { score: 0.9, positives: 1, negatives: 0 },
 *   { score: 0.2, positives: 0, negatives: 2 },
 * ]).scores; // Float64Array [0.2, 0.9]
 */
export function scoreCounts(cells: Iterable<ScoreCell>): ScoreCounts {
  const kept: ScoreColumns = { scores: [], positives: [], negatives: [] };
  let totalPositives = 0;
  let totalNegatives = 0;
  for (const { score, positives, negatives } of cells) {
    if (!Number.isFinite(score)) throw new RangeError(`${score} is no score`);
    if (!isCount(positives)) throw new RangeError(`${positives} is no count of positives`);
    if (!isCount(negatives)) throw new RangeError(`${negatives} is no count of negatives`);
    if (positives + negatives === 0) continue;
    totalPositives += positives;
    totalNegatives += negatives;
    // Plus 0, since -0 is the same score and would be seen.
    append(kept, score + 0, positives, negatives);
  }
  const { scores, positives, negatives } = isAscending(kept.scores) ? kept : inOrder(kept);
  return {
    scores: Float64Array.from(scores),
    positives: Float64Array.from(positives),
    negatives: Float64Array.from(negatives),
    totalPositives,
    totalNegatives,
  };
}

interface ScoreColumns {
  readonly scores: number[];
  readonly positives: number[];
  readonly negatives: number[];
}

/** Adds a cell at the end, or to the last one when that has the same score. */
function append(columns: ScoreColumns, score: number, positives: number, negatives: number): void {
  const last = columns.scores.length - 1;
  if (columns.scores[last] === score) {
    columns.positives[last]! += positives;
    columns.negatives[last]! += negatives;
    return;
  }
  columns.scores.push(score);
  columns.positives.push(positives);
  columns.negatives.push(negatives);
}

/** Most sources give their scores in order, and may give a million of them. */
function isAscending(values: readonly number[]): boolean {
  for (let i = 1; i < values.length; i += 1) {
    if ((values[i - 1] as number) >= (values[i] as number)) return false;
  }
  return true;
}

function inOrder({ scores, positives, negatives }: ScoreColumns): ScoreColumns {
  const places = Uint32Array.from(scores.keys()).sort(
    (a, b) => (scores[a] as number) - (scores[b] as number),
  );
  const ordered: ScoreColumns = { scores: [], positives: [], negatives: [] };
  for (const place of places) {
    append(ordered, scores[place] as number, positives[place] as number, negatives[place] as number);
  }
  return ordered;
}

function isCount(count: number): boolean {
  return count >= 0 && Number.isFinite(count);
}

/**
 * Mean over all scored items of a sum that is given cell by cell, for metrics that take scores as
 * probabilities. Undefined without scores, and when a score lies outside 0 to 1.
 */
export function meanOverProbabilities(
  counts: ScoreCounts,
  sumOf: (score: number, positives: number, negatives: number) => number,
): Computed {
  const { scores, positives, negatives, totalPositives, totalNegatives } = counts;
  if (scores.length === 0) return undefinedBecause('no labelled prediction has a score');
  if ((scores[0] as number) < 0 || (scores[scores.length - 1] as number) > 1) {
    return undefinedBecause('some scores lie outside 0 to 1, so that they are no probabilities');
  }
  let sum = 0;
  for (let i = 0; i < scores.length; i += 1) {
    sum += sumOf(scores[i] as number, positives[i] as number, negatives[i] as number);
  }
  return definedIfFinite(sum / (totalPositives + totalNegatives));
}
