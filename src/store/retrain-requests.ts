import type { Millis } from '../base/clock.ts';
import type { Store } from './client.ts';
import { millisOf, sqlTime } from './sql-time.ts';

/** A request without what it says in full. */
export interface RetrainSummary {
  readonly id: string;
  readonly target: string;
  readonly model: string;
  readonly version: string;
  readonly at: Millis;
  /** What it was when it was made: requested or suggested. */
  readonly status: string;
  readonly reason: string;
  readonly baselineId: string;
}

export interface StoredRetrain extends RetrainSummary {
  /** JSON; it may hold hundreds of alerts. */
  readonly request: string;
}

/** One state that a request came into. */
export interface StoredRetrainState {
  readonly id: string;
  readonly state: string;
  readonly at: Millis;
  readonly reason: string;
  readonly author: string;
  readonly run: string;
  readonly newVersion: string;
  readonly baseline: string;
}

/** The same with what follows from it, as JSON; or empty. */
export interface StoredRetrainOutcome extends StoredRetrainState {
  readonly outcome: string;
}

export interface RetrainFilter {
  readonly model?: string;
  readonly limit: number;
}

export async function saveRetrains(store: Store, rows: readonly StoredRetrain[], now: Millis): Promise<void> {
  await store.insert(
    'retrain_requests',
    rows.map(({ baselineId, at, ...row }) => ({
      ...row,
      at: sqlTime(at),
      baseline_id: baselineId,
      updated_at: sqlTime(now),
    })),
  );
}

export async function saveRetrainStates(store: Store, rows: readonly StoredRetrainOutcome[]): Promise<void> {
  await store.insert(
    'retrain_states',
    rows.map(({ at, newVersion, ...row }) => ({ ...row, at: sqlTime(at), new_version: newVersion })),
  );
}

/** Hundreds of alerts have hundreds of summaries. */
const LONGEST_REASON = 1_000;

const SUMMARY = `id, target, model, version, ${millisOf('t.at')} AS at, status,
  substringUTF8(t.reason, 1, ${LONGEST_REASON}) AS reason, baseline_id AS baselineId`;

/** Requests made in [from, to], for cooldowns and daily limits. */
export async function retrainsBetween(store: Store, from: Millis, to: Millis): Promise<RetrainSummary[]> {
  return store.query(
    `SELECT ${SUMMARY} FROM {database}.retrain_requests AS t FINAL
     WHERE t.at >= {from:DateTime64(3, 'UTC')} AND t.at <= {to:DateTime64(3, 'UTC')} ORDER BY t.at, id`,
    { from: sqlTime(from), to: sqlTime(to) },
  );
}

export async function retrainById(store: Store, id: string): Promise<RetrainSummary | undefined> {
  const [found] = await store.query<RetrainSummary>(
    `SELECT ${SUMMARY} FROM {database}.retrain_requests AS t FINAL WHERE id = {id:String} LIMIT 1`,
    { id },
  );
  return found;
}

/** What requests say in full, as JSON, by id. Ask for a few at a time. */
export async function retrainRequests(
  store: Store,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await store.query<{ id: string; request: string }>(
    `SELECT id, request FROM {database}.retrain_requests FINAL WHERE id IN {ids:Array(String)}`,
    { ids },
  );
  return new Map(rows.map(({ id, request }) => [id, request]));
}

/**
 * Those that may still come into another state, however old they are, and all that were made or came into one at this time
 * of the clock or later. The oldest first.
 */
export async function watchedRetrains(store: Store, since: Millis): Promise<RetrainSummary[]> {
  return store.query(
    `SELECT ${SUMMARY} FROM {database}.retrain_requests AS t FINAL
     WHERE t.updated_at >= {since:DateTime64(3, 'UTC')} OR id NOT IN (
       SELECT id FROM {database}.retrain_states GROUP BY id
       HAVING max(at) < {since:DateTime64(3, 'UTC')}
         AND (countIf(state IN ('cancelled', 'failed', 'compared')) > 0
           OR (countIf(state = 'timed_out') > 0 AND countIf(state = 'succeeded') = 0)))
     ORDER BY t.at, id`,
    { since: sqlTime(since) },
  );
}

/** The newest first. */
export async function listRetrains(store: Store, { model, limit }: RetrainFilter): Promise<RetrainSummary[]> {
  const conditions = [...(model === undefined ? [] : ['model = {model:String}'])];
  return store.query(
    `SELECT ${SUMMARY} FROM {database}.retrain_requests AS t FINAL
     ${conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`} ORDER BY t.at DESC, id LIMIT {limit:UInt32}`,
    {
      limit,
      ...(model !== undefined && { model }),
    },
  );
}

/** A question may not be longer than a server takes. */
const BATCH = 1_000;

/** All that is known of these requests, each in order of time. */
export async function retrainStates(store: Store, ids: readonly string[]): Promise<StoredRetrainState[]> {
  const found: StoredRetrainState[] = [];
  for (let i = 0; i < ids.length; i += BATCH) {
    const states = await store.query<StoredRetrainState>(
      `SELECT id, state, ${millisOf('t.at')} AS at, reason, author, run, new_version AS newVersion, baseline
       FROM {database}.retrain_states AS t FINAL WHERE id IN {ids:Array(String)} ORDER BY t.at, id, state`,
      { ids: ids.slice(i, i + BATCH) },
    );
    for (const state of states) found.push(state);
  }
  return found;
}

/** What follows from the comparisons that were made at some time of the clock or later, as JSON. */
export async function retrainOutcomes(store: Store, since: Millis): Promise<string[]> {
  const rows = await store.query<{ outcome: string }>(
    `SELECT outcome FROM {database}.retrain_states AS t FINAL
     WHERE state = 'compared' AND outcome != '' AND t.at >= {since:DateTime64(3, 'UTC')} ORDER BY t.at, id`,
    { since: sqlTime(since) },
  );
  return rows.map(({ outcome }) => outcome);
}

export async function isRetrainCancelled(store: Store, id: string): Promise<boolean> {
  const found = await store.query(
    `SELECT id FROM {database}.retrain_states WHERE id = {id:String} AND state = 'cancelled' LIMIT 1`,
    { id },
  );
  return found.length > 0;
}
