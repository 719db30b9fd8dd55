import { EXACT_SCORES, LARGEST_SCORE, type ScoreEvidence, scoreStep } from '../metrics/score-tally.ts';
import { type ScoreCell, scoreCounts } from '../stats/score/score-counts.ts';
import type { Store } from './client.ts';
import { JOINED, joinParameters, type PerformanceWindow } from './labelled-join.ts';

/** Labelled scores of one version. */
export interface ScoreRow extends ScoreEvidence {
  readonly version: string;
}

/**
 * The labelled scores of the predictions made in [from, to), by version. They come exactly; or, of a version that has
 * too many different ones, rounded as `ScoreTally` rounds them.
 *
 * @param positives the labels of the positive class
 */
export async function labelledScores(
  store: Store,
  window: PerformanceWindow,
  positives: readonly string[],
  exactScores: number = EXACT_SCORES,
): Promise<ScoreRow[]> {
  const exact = await store.query<ScoreColumns & { readonly different: number; readonly reach: number }>(
    `SELECT version, count() AS different, max(abs(score)) AS reach, ${columns('different <= {exact:UInt64}')}
     FROM (${counted('assumeNotNull(p.score)')}) GROUP BY version`,
    { ...joinParameters(window), positives, exact: exactScores },
  );
  const rows = exact
    .filter(({ different }) => different <= exactScores)
    .map((row) => ({ version: row.version, step: 0, counts: scoreCounts(cellsOf(row)) }));
  const many = exact.filter(({ different }) => different > exactScores);
  if (many.length === 0) return rows;
  const steps = new Map(many.map(({ version, reach }) => [version, scoreStep(reach)]));
  const rounded = await store.query<ScoreColumns>(
    `WITH exp2(transform(p.version, {versions:Array(String)}, {exponents:Array(Int32)}, 0)) AS step
     SELECT version, ${columns('true')}
     FROM (${counted('floor(assumeNotNull(p.score) / step + 0.5) * step', 'p.version IN {versions:Array(String)}')})
     GROUP BY version`,
    {
      ...joinParameters(window),
      positives,
      versions: [...steps.keys()],
      // Powers of two, and so whole exponents: those survive any way of writing them.
      exponents: [...steps.values()].map(Math.log2),
    },
  );
  const roundedRows = rounded.map((row) => ({
    version: row.version,
    step: steps.get(row.version) ?? 0,
    counts: scoreCounts(cellsOf(row)),
  }));
  return [...rows, ...roundedRows];
}

interface ScoreColumns {
  readonly version: string;
  readonly scores: readonly number[];
  readonly positives: readonly number[];
  readonly negatives: readonly number[];
}

/** Positives and negatives of each version at each score. */
function counted(score: string, condition = 'true'): string {
  return `SELECT p.version AS version, ${score} AS score,
                 countIf(l.label IN {positives:Array(String)}) AS positive, count() - positive AS negative ${JOINED}
          WHERE abs(p.score) <= ${LARGEST_SCORE} AND ${condition} GROUP BY version, score ORDER BY version, score`;
}

/** Three arrays a version; empty ones where the condition does not hold. */
function columns(condition: string): string {
  return [
    ['score', 'scores'],
    ['positive', 'positives'],
    ['negative', 'negatives'],
  ]
    .map(([column, name]) => `if(${condition}, groupArray(${column}), []) AS ${name}`)
    .join(', ');
}

function* cellsOf({ scores, positives, negatives }: ScoreColumns): Generator<ScoreCell> {
  for (const [i, score] of scores.entries()) {
    yield { score, positives: positives[i] as number, negatives: negatives[i] as number };
  }
}
