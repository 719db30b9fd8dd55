import fc from 'fast-check';
import { type ScoreCounts, scoreCounts } from '../../src/stats/score/score-counts.ts';
import { performanceCases } from './conformance-cases.ts';

/** The published binary cases, with 1 as the positive class. */
export function scoreCases(): ReadonlyArray<
  readonly [name: string, counts: ScoreCounts, expected: Readonly<Record<string, number>>]
> {
  return performanceCases().binary.map(
    ({ name, labels, scores, expected }) => [name, countsOf(scores, labels), expected] as const,
  );
}

/** One item a score; label 1 is the positive class. */
export function countsOf(scores: readonly number[], labels: readonly number[]): ScoreCounts {
  return scoreCounts(
    scores.map((score, i) => {
      const positives = labels[i] === 1 ? 1 : 0;
      return { score, positives, negatives: 1 - positives };
    }),
  );
}

export const NO_SCORES = countsOf([], []);

/** Probabilities with ties, of one class or of both. */
export const anyScores: fc.Arbitrary<ScoreCounts> = fc
  .array(
    fc.record({
      score: fc.oneof(
        fc.nat(20).map((step) => step / 20),
        fc.double({ min: 0, max: 1, noNaN: true }),
      ),
      positives: fc.nat(5),
      negatives: fc.nat(5),
    }),
    { maxLength: 30 },
  )
  .map(scoreCounts);
