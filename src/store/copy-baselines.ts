import { DriftdError } from '../base/errors.ts';
import type { Store } from './client.ts';

/**
 * Empties the store's database and fills it with the baselines of another one, the newest of each model applying to all
 * time. For replays, which must not touch what the live store holds.
 */
export async function resetWithBaselinesOf(
  store: Store,
  source: string,
  recreate: () => Promise<unknown>,
): Promise<void> {
  if (store.database === source) throw new TypeError('a database cannot be reset with its own baselines');
  await refuseForeign(store);
  await store.command('DROP DATABASE IF EXISTS {database}');
  await recreate();
  await store.command(`CREATE TABLE {database}.${MARK} (at DateTime DEFAULT now()) ENGINE = TinyLog`);
  await store.command(`INSERT INTO {database}.baselines SELECT * FROM ${source}.baselines`);
  await store.command(
    `INSERT INTO {database}.baseline_activations (model, version, applies_from, baseline_id, reason)
     SELECT model, version, toDateTime64(0, 3, 'UTC'), argMax(baseline_id, (applies_from, activated_at)), 'replay'
     FROM ${source}.baseline_activations GROUP BY model, version`,
  );
}

/** Says that a database was made by a replay, and may be emptied by the next one. */
const MARK = 'made_by_replay';

async function refuseForeign(store: Store): Promise<void> {
  const tables = await store.query<{ name: string }>(
    'SELECT name FROM system.tables WHERE database = {name:String} LIMIT 1000',
    { name: store.database },
  );
  if (tables.length === 0 || tables.some(({ name }) => name === MARK)) return;
  throw new DriftdError(
    'input',
    `the database ${store.database} was not made by a replay; a replay empties its database, so name another one`,
  );
}
