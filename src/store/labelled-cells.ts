import { MAX_CLASS_PAIRS } from '../metrics/class-metrics.ts';
import { EXACT_SCORES, LARGEST_SCORE, scoreStep } from '../metrics/score-tally.ts';
import type { Store } from './client.ts';
import {
  joined,
  joinParameters,
  type PerformanceWindow,
  type Slices,
  segmentColumn,
} from './labelled-join.ts';

/** Predictions of one window that are alike but for their scores. */
export interface LabelledCell {
  readonly version: string;
  /** '' for the whole population. */
  readonly segment: string;
  /** '' where the event named no class. */
  readonly prediction: string;
  readonly hasLabel: boolean;
  readonly label: string;
  /** On which side of the threshold the score of an event lies that named no class; `none` where there is no score. */
  readonly side: 'named' | 'above' | 'below' | 'none';
  /** All of them, with a score or without. */
  readonly count: number;
  readonly scores: readonly number[];
  /** How many have each of these scores. */
  readonly counts: readonly number[];
}

export interface LabelledCells {
  readonly cells: readonly LabelledCell[];
  /** What scores of a version were rounded to; those of others are exact. */
  readonly steps: ReadonlyMap<string, number>;
}

export interface CellQuery {
  /** The labels of the positive class. */
  readonly positives: readonly string[];
  readonly threshold: number;
  /** How many there are about; of few nobody has to ask whether their scores are too many. */
  readonly predictions?: number;
  /** Asks for these segments, and not for the whole population; `predictions` are then those of all segments, added up. */
  readonly slices?: Slices;
}

interface Width {
  readonly steps: ReadonlyMap<string, number>;
  readonly crowded: readonly string[];
}

/** Of segments: a prediction belongs to many, and all of them are in one answer. */
const STEPS_OF_SEGMENTS = 2 ** 12;

const NARROW: Width = { steps: new Map(), crowded: [] };

/**
 * All that is known of the classifications made in [from, to), labelled or not, in one query: their labels have to be looked
 * up once. Scores come exactly; or, of a version that has too many different ones, rounded as `ScoreTally` rounds them, those of
 * segments to wider steps.
 */
export async function labelledCells(
  store: Store,
  window: PerformanceWindow,
  { positives, threshold, predictions = Number.POSITIVE_INFINITY, slices }: CellQuery,
  exactScores: number = EXACT_SCORES,
): Promise<LabelledCells> {
  const bounds = slices === undefined ? { exact: exactScores } : { exact: 0, steps: STEPS_OF_SEGMENTS };
  const { steps, crowded } = predictions > exactScores ? await widthOf(store, window, bounds) : NARROW;
  const rows = await store.query<LabelledCell & { readonly hasLabel: 0 | 1 | boolean }>(
    `WITH exp2(transform(p.version, {versions:Array(String)}, {exponents:Array(Int32)}, 0)) AS step,
          p.version IN {crowded:Array(String)} AS is_crowded
     SELECT version, segment, prediction, hasLabel, label, side, sum(amount) AS count,
            groupArrayIf(assumeNotNull(value), value IS NOT NULL) AS scores, groupArrayIf(amount, value IS NOT NULL) AS counts
     FROM (SELECT p.version AS version, ${segmentColumn(slices)} AS segment, if(is_crowded, toString(cityHash64(p.prediction) % ${2 * MAX_CLASS_PAIRS}), p.prediction) AS prediction,
                  l.is_there AS hasLabel, if(is_crowded AND l.label NOT IN {positives:Array(String)}, '', l.label) AS label,
                  multiIf(p.prediction != '', 'named', p.score IS NULL, 'none', p.score >= {threshold:Float64}, 'above', 'below') AS side,
                  multiIf(p.score IS NULL OR abs(p.score) > ${LARGEST_SCORE}, NULL,
                          p.version IN {versions:Array(String)}, floor(p.score / step + 0.5) * step, p.score) AS value,
                  count() AS amount ${joined('LEFT', slices)}
           GROUP BY version, segment, prediction, hasLabel, label, side, value ORDER BY value)
     GROUP BY version, segment, prediction, hasLabel, label, side`,
    {
      ...joinParameters(window, slices),
      positives,
      // As text: the embedded engine refuses whole numbers past 2^53.
      threshold: String(threshold),
      crowded,
      versions: [...steps.keys()],
      // Powers of two, and so whole exponents: those survive any way of writing them.
      exponents: [...steps.values()].map(Math.log2),
    },
  );
  return { cells: rows.map((row) => ({ ...row, hasLabel: Boolean(row.hasLabel) })), steps };
}

/** What keeps the answer within bounds, of versions that have more scores than can be told exactly, or no classes at all. */
async function widthOf(
  store: Store,
  window: PerformanceWindow,
  { exact, steps }: { readonly exact: number; readonly steps?: number },
): Promise<Width> {
  const rows = await store.query<{ version: string; scores: number; reach: number | null; classes: number }>(
    `SELECT version, uniqExactIf(score, abs(score) <= ${LARGEST_SCORE}) AS scores,
            maxIf(abs(score), abs(score) <= ${LARGEST_SCORE}) AS reach, uniqExact(prediction) AS classes
     FROM {database}.predictions
     WHERE model = {model:String} AND timestamp >= {from:DateTime64(3, 'UTC')} AND timestamp < {to:DateTime64(3, 'UTC')}
     GROUP BY version HAVING scores > {exact:UInt64} OR classes > ${MAX_CLASS_PAIRS}`,
    { ...joinParameters(window), exact },
  );
  const many = rows.filter(({ scores }) => scores > exact);
  return {
    steps: new Map(many.map(({ version, reach }) => [version, scoreStep(reach ?? 1, steps)])),
    crowded: rows.filter(({ classes }) => classes > MAX_CLASS_PAIRS).map(({ version }) => version),
  };
}
