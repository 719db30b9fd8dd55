import type { Millis } from '../base/clock.ts';
import type { PerformancePolicy } from '../metrics/labelled-evidence.ts';
import type { LossChange, LossSums } from '../metrics/segment-loss.ts';
import type { Store } from './client.ts';
import { joined, joinParameters, type PerformanceWindow, SEGMENTS_OF } from './labelled-join.ts';
import { predictionLoss } from './prediction-loss.ts';
import { floatOf, type SqlFloat } from './sql-number.ts';
import { sqlTime } from './sql-time.ts';

/** The predictions of [from, since) are what those of [since, to) are compared with. */
export interface SegmentWindow extends PerformanceWindow {
  readonly since: Millis;
  /** Undefined: all versions. */
  readonly version: string | undefined;
  /** Features whose segments are wanted, as they were declared when the predictions were kept. */
  readonly features: readonly string[];
}

export interface SegmentLosses {
  /** The population; of predictions that were kept with these features declared. */
  readonly whole: LossChange;
  /** Of single features, and of pairs, by name. */
  readonly segments: ReadonlyMap<string, LossChange>;
  /** One prediction in so many was looked at. */
  readonly sampled: { readonly now: number; readonly before: number };
}

/** Predictions of each of the two periods that are looked at, about; of more, a sample by their ids. */
const MOST_EVENTS = 50_000;
/** Segments that are told, the largest ones. */
const MOST_SEGMENTS = 200;
/** Smaller ones, in both periods, are not. */
const SMALLEST_SEGMENT = 50;
/** Whoever asks does not wait for longer. */
const LONGEST_QUERY_SECONDS = 10;

/**
 * What predictions lost, by segment: labelled ones by how they are judged; or, without a policy, all by their scores, or by
 * numeric predictions where there are none.
 */
export async function segmentLosses(
  store: Store,
  window: SegmentWindow,
  policy: PerformancePolicy | undefined,
  most: number = MOST_EVENTS,
): Promise<SegmentLosses> {
  const { version, features, since } = window;
  const params = {
    ...joinParameters(window),
    since: sqlTime(since),
    ...(version !== undefined && { version }),
  };
  const ofVersion = version === undefined ? '' : 'AND version = {version:String}';
  const sampled = await sampling(store, params, ofVersion, most);
  const conditions = `${ofVersion} AND cityHash64(prediction_id) % if(timestamp >= ${SINCE}, {oneNow:UInt32}, {oneBefore:UInt32}) = 0`;
  const loss = policy && predictionLoss(policy);
  const source =
    loss === undefined
      ? `SELECT segments, timestamp >= ${SINCE} AS is_now, coalesce(score, prediction_number) AS loss
         FROM {database}.predictions FINAL
         WHERE model = {model:String} AND timestamp >= {from:DateTime64(3, 'UTC')} AND timestamp < {to:DateTime64(3, 'UTC')} ${conditions}`
      : `SELECT p.segments AS segments, p.timestamp >= ${SINCE} AS is_now, ${loss.sql} AS loss
         ${joined('INNER', undefined, { columns: ', segments', conditions })}`;
  // Predictions from before the features were declared, or others were, belong to no segment that could be told from others.
  const declared = features.map((_, i) => `AND startsWith(segments[${i + 1}], {feature${i}:String})`);
  const rows = await store.query<Row>(
    `SELECT segment, sumIf(amount, is_now) AS nowN, sumIf(losses, is_now) AS nowLoss, sumIf(squares, is_now) AS nowSquares,
            sumIf(amount, NOT is_now) AS beforeN, sumIf(losses, NOT is_now) AS beforeLoss, sumIf(squares, NOT is_now) AS beforeSquares
     FROM (SELECT arrayJoin(arrayPushFront(${SEGMENTS_OF}, '')) AS segment, is_now,
                  count() AS amount, sum(assumeNotNull(loss)) AS losses, sum(pow(assumeNotNull(loss), 2)) AS squares
           FROM (${source})
           WHERE loss IS NOT NULL AND isFinite(loss) AND length(segments) = ${features.length} ${declared.join(' ')}
           GROUP BY segments, is_now)
     GROUP BY segment HAVING segment = '' OR greatest(nowN, beforeN) >= ${SMALLEST_SEGMENT}
     ORDER BY segment != '', nowN + beforeN DESC, segment LIMIT ${MOST_SEGMENTS + 1}
     SETTINGS max_execution_time = ${LONGEST_QUERY_SECONDS}`,
    {
      ...params,
      ...loss?.params,
      oneNow: sampled.now,
      oneBefore: sampled.before,
      ...Object.fromEntries(features.map((feature, i) => [`feature${i}`, `${feature}=`])),
    },
  );
  const found = new Map(rows.map((row) => [row.segment, changeIn(row)]));
  const whole = found.get('') ?? { before: NOTHING, now: NOTHING };
  found.delete('');
  return { whole, segments: found, sampled };
}

const SINCE = "{since:DateTime64(3, 'UTC')}";
const NOTHING: LossSums = { n: 0, loss: 0, lossSquares: 0 };

interface Row {
  readonly segment: string;
  readonly nowN: number;
  readonly nowLoss: SqlFloat;
  readonly nowSquares: SqlFloat;
  readonly beforeN: number;
  readonly beforeLoss: SqlFloat;
  readonly beforeSquares: SqlFloat;
}

function changeIn(row: Row): LossChange {
  return {
    now: { n: row.nowN, loss: floatOf(row.nowLoss), lossSquares: floatOf(row.nowSquares) },
    before: { n: row.beforeN, loss: floatOf(row.beforeLoss), lossSquares: floatOf(row.beforeSquares) },
  };
}

/** How far both periods have to be thinned out, so that the join stays small. */
async function sampling(
  store: Store,
  params: Readonly<Record<string, unknown>>,
  ofVersion: string,
  most: number,
): Promise<SegmentLosses['sampled']> {
  const [row] = await store.query<{ now: number; before: number }>(
    `SELECT countIf(timestamp >= ${SINCE}) AS now, countIf(timestamp < ${SINCE}) AS before FROM {database}.predictions
     WHERE model = {model:String} AND timestamp >= {from:DateTime64(3, 'UTC')} AND timestamp < {to:DateTime64(3, 'UTC')} ${ofVersion}
     SETTINGS max_execution_time = ${LONGEST_QUERY_SECONDS}`,
    params,
  );
  const oneIn = (count = 0): number => Math.max(1, Math.ceil(count / most));
  return { now: oneIn(row?.now), before: oneIn(row?.before) };
}
