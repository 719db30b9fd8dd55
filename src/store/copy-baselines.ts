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
  await store.command('DROP DATABASE IF EXISTS {database}');
  await recreate();
  await store.command(`INSERT INTO {database}.baselines SELECT * FROM ${source}.baselines`);
  await store.command(
    `INSERT INTO {database}.baseline_activations (model, version, applies_from, baseline_id, reason)
     SELECT model, version, toDateTime64(0, 3, 'UTC'), argMax(baseline_id, (applies_from, activated_at)), 'replay'
     FROM ${source}.baseline_activations GROUP BY model, version`,
  );
}
