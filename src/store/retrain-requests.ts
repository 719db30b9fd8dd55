import type { Millis } from '../base/clock.ts';
import type { Store } from './client.ts';
import { millisOf, sqlTime } from './sql-time.ts';

export interface StoredRetrain {
  readonly id: string;
  readonly target: string;
  readonly model: string;
  readonly version: string;
  readonly at: Millis;
  /** requested | suppressed */
  readonly status: string;
  readonly reason: string;
  readonly baselineId: string;
  /** JSON. */
  readonly request: string;
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

/** Requests made in [from, to], for cooldowns and daily limits. */
export async function retrainsBetween(
  store: Store,
  from: Millis,
  to: Millis,
): Promise<Array<{ id: string; target: string; model: string; at: Millis }>> {
  return store.query(
    `SELECT id, target, model, ${millisOf('t.at')} AS at
     FROM {database}.retrain_requests AS t FINAL
     WHERE status = 'requested' AND t.at >= {from:DateTime64(3, 'UTC')} AND t.at <= {to:DateTime64(3, 'UTC')}`,
    { from: sqlTime(from), to: sqlTime(to) },
  );
}
