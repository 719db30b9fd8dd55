import { describe, expect, it } from 'vitest';
import { listActivations, loadBaseline, saveActivation, saveBaseline } from '../../src/store/baselines.ts';
import { resetWithBaselinesOf } from '../../src/store/copy-baselines.ts';
import { migrate } from '../../src/store/migrate.ts';
import { baselineOf, HOUR, MORNING, predictionOf } from '../support/events.ts';
import { STORE_KINDS, storesOfSuite } from '../support/stores.ts';

const OLD = baselineOf([predictionOf({ features: { amount: 1 } })]);
const NEW = baselineOf([predictionOf({ features: { amount: 2 } })]);

describe.each(STORE_KINDS)('a database that is reset: %s', (kind) => {
  const stores = storesOfSuite(kind);

  it('holds the baselines of another one, the newest of each model for all time, and nothing else', async () => {
    const live = await stores.fresh();
    for (const baseline of [OLD, NEW]) await saveBaseline(live, baseline, 'file');
    const activation = { model: 'fraud', version: '', baselineId: OLD.id, reason: 'chosen' };
    await saveActivation(live, { ...activation, appliesFrom: MORNING + HOUR, baselineId: NEW.id });
    await saveActivation(live, { ...activation, appliesFrom: MORNING });
    await saveActivation(live, { ...activation, version: '7', appliesFrom: MORNING });
    const before = await listActivations(live);
    const replayed = await stores.fresh();
    const leftOver = { rule_group: 'g', instant: '2026-11-22 08:00:00', outcome: '{}' };
    await replayed.insert('evaluations', [leftOver]);
    await expect(resetWithBaselinesOf(replayed, live.database, () => migrate(replayed))).rejects.toThrow(
      'was not made by a replay',
    );
    expect(await replayed.query('SELECT count() AS c FROM {database}.evaluations')).toEqual([{ c: 1 }]);
    await replayed.command('CREATE TABLE {database}.made_by_replay (at DateTime) ENGINE = TinyLog');

    await resetWithBaselinesOf(replayed, live.database, () => migrate(replayed));

    const applied = { model: 'fraud', appliesFrom: 0, reason: 'replay' };
    expect(await listActivations(replayed)).toEqual([
      { ...applied, version: '', baselineId: NEW.id },
      { ...applied, version: '7', baselineId: OLD.id },
    ]);
    expect(await loadBaseline(replayed, NEW.id)).toEqual(NEW);
    expect(await replayed.query('SELECT count() AS c FROM {database}.evaluations')).toEqual([{ c: 0 }]);
    expect(await listActivations(live)).toEqual(before);
  });

  it('is never the one that the baselines are in', async () => {
    const live = await stores.fresh();
    await saveBaseline(live, OLD, 'file');
    await expect(resetWithBaselinesOf(live, live.database, () => migrate(live))).rejects.toThrow(TypeError);
    expect(await loadBaseline(live, OLD.id)).toEqual(OLD);
  });
});
