import type { Millis } from '../base/clock.ts';
import { type Baseline, readBaseline, writeBaseline } from '../profile/baseline.ts';
import type { Store } from './client.ts';
import { millisOf, sqlTime } from './sql-time.ts';

/** Where a baseline came from. */
export type BaselineOrigin = 'file' | 'learned';

export async function saveBaseline(store: Store, baseline: Baseline, origin: BaselineOrigin): Promise<void> {
  await store.insert('baselines', [
    {
      id: baseline.id,
      model: baseline.model,
      version: baseline.version ?? '',
      origin,
      rows: baseline.rows,
      document: writeBaseline(baseline),
    },
  ]);
}

export async function loadBaseline(store: Store, id: string): Promise<Baseline | undefined> {
  return (await loadBaselines(store, [id])).get(id)?.();
}

/**
 * Those that are there, by id; unpacked when called. A baseline has a megabyte and more, so ask for a few at a time.
 */
export async function loadBaselines(
  store: Store,
  ids: readonly string[],
): Promise<ReadonlyMap<string, () => Baseline>> {
  const rows = await store.query<{ id: string; document: string }>(
    'SELECT id, document FROM {database}.baselines WHERE id IN {ids:Array(String)} LIMIT 1 BY id',
    { ids },
  );
  return new Map(rows.map(({ id, document }) => [id, () => readBaseline(document)]));
}

export interface BaselineSummary {
  readonly id: string;
  readonly model: string;
  readonly version: string;
  readonly origin: string;
  readonly rows: number;
  readonly createdAt: Millis;
}

/** All baselines, newest first. An id may stand for more ("f3" for "f3a9...") in `idPrefix`. */
export async function listBaselines(
  store: Store,
  filter: { model?: string; idPrefix?: string } = {},
): Promise<BaselineSummary[]> {
  return store.query(
    `SELECT id, model, version, origin, rows, ${millisOf('created_at')} AS createdAt
     FROM {database}.baselines FINAL
     WHERE ({model:String} = '' OR model = {model:String}) AND startsWith(id, {prefix:String})
     ORDER BY created_at DESC, id`,
    { model: filter.model ?? '', prefix: filter.idPrefix ?? '' },
  );
}

/** From `appliesFrom` on (event time), a model (and version; '' = all) is profiled under a baseline. */
export interface Activation {
  readonly model: string;
  readonly version: string;
  readonly appliesFrom: Millis;
  readonly baselineId: string;
  readonly reason: string;
}

export async function saveActivation(store: Store, activation: Activation): Promise<void> {
  await store.insert('baseline_activations', [
    {
      model: activation.model,
      version: activation.version,
      applies_from: sqlTime(activation.appliesFrom),
      baseline_id: activation.baselineId,
      reason: activation.reason,
    },
  ]);
}

export async function listActivations(store: Store): Promise<Activation[]> {
  return store.query(
    `SELECT model, version, ${millisOf('applies_from')} AS appliesFrom, baseline_id AS baselineId, reason
     FROM {database}.baseline_activations FINAL ORDER BY model, version, applies_from`,
  );
}
