import pino from 'pino';
import { describe, expect, it } from 'vitest';
import type { AlertNotification } from '../../../src/notify/notification.ts';
import { BaselineDirectory } from '../../../src/pipeline/baseline-directory.ts';
import type { MeasurePorts } from '../../../src/pipeline/measure-ports.ts';
import { RetrainDesk } from '../../../src/pipeline/retraining/retrain-desk.ts';
import { saveStep } from '../../../src/pipeline/retraining/retrain-record.ts';
import { RetrainWatch } from '../../../src/pipeline/retraining/retrain-watch.ts';
import { storedMeasurements } from '../../../src/pipeline/stored-measurements.ts';
import { listActivations, loadBaseline, loadBaselines, saveBaseline } from '../../../src/store/baselines.ts';
import type { Store } from '../../../src/store/client.ts';
import { createTelemetry } from '../../../src/telemetry/telemetry.ts';
import { optionsOf } from '../../notify/examples.ts';
import { baselineOf, HOUR, MORNING } from '../../support/events.ts';
import { faultyStore } from '../../support/faulty-store.ts';
import { directoryOf, POLICY } from '../../support/open-chunks.ts';
import { storesOfSuite } from '../../support/stores.ts';
import { eventsOf, type Hour, REFERENCE, storeHours } from '../hours.ts';
import { bring, statesOf, storeRequest } from './stored-request.ts';

const NOW = MORNING + 12 * HOUR;
const TARGETS = optionsOf({
  retraining: [{ name: 'pipeline', argo_events: { url: 'http://127.0.0.1:1' }, timeout: '2h' }],
}).retraining;
const NO_BASELINES = { listActivations: async () => [], loadBaselines: async () => new Map() };
const LOG = pino({ level: 'silent' });

const stores = storesOfSuite('server');

interface Scene {
  readonly store: Store;
  readonly directory: BaselineDirectory;
  readonly desk: RetrainDesk;
  readonly telemetry: ReturnType<typeof createTelemetry>;
  watch(store?: Store, change?: Partial<MeasurePorts>): RetrainWatch;
}

async function scene(hours: readonly Hour[] = [{ hour: 0 }]): Promise<Scene> {
  const store = await stores.fresh();
  await storeHours(store, hours);
  const directory = new BaselineDirectory({
    listActivations: () => listActivations(store),
    loadBaselines: (ids) => loadBaselines(store, ids),
  });
  await directory.refresh();
  const telemetry = createTelemetry();
  const clock = { now: () => NOW };
  return {
    store,
    directory,
    telemetry,
    desk: new RetrainDesk({ clock, store, targets: () => TARGETS }),
    watch: (through = store, change = {}) =>
      new RetrainWatch({
        clock,
        logger: LOG,
        telemetry,
        store: through,
        targets: () => TARGETS,
        measurements: {
          ...storedMeasurements(store, directory, () => ({ ...POLICY, learn: 300 })),
          ...change,
        },
        receiversOf: () => ['team/slack/0', 'team/webhook/0'],
        deliver: async () => undefined,
        assertOwner: () => undefined,
      }),
  };
}

async function outbox(
  store: Store,
): Promise<Array<{ id: string; status: string; payload: AlertNotification }>> {
  const rows = await store.query<{ id: string; status: string; payload: string }>(
    'SELECT id, status, payload FROM {database}.notifications FINAL ORDER BY receiver',
  );
  return rows.map((row) => ({ ...row, payload: JSON.parse(row.payload) }));
}

/** Ends the delivery of a request. */
async function deliver(store: Store, id: string, status: string, error = ''): Promise<void> {
  await store.insert('notifications', [
    {
      id,
      kind: 'retrain',
      receiver: 'pipeline',
      at: '2026-11-22 09:00:00.000',
      status,
      attempts: 1,
      next_attempt_at: '2026-11-22 09:00:00.000',
      last_error: error,
      payload: '{}',
      updated_at: '2026-11-22 09:30:00.000',
    },
  ]);
}

describe('RetrainWatch', () => {
  it('tells what was sent and what was given up, when it was', async () => {
    const { store, watch } = await scene();
    for (const [id, status] of [
      ['a', 'sent'],
      ['b', 'dead'],
      ['c', 'pending'],
    ] as const) {
      await storeRequest(store, { id, model: id });
      if (status !== 'pending') await deliver(store, id, status, status === 'dead' ? 'answered 410' : '');
    }
    await watch().look(undefined);
    expect(await statesOf(store, 'a')).toEqual({ state: 'sent', steps: ['requested', 'sent'] });
    expect(await statesOf(store, 'b')).toEqual({ state: 'undelivered', steps: ['requested', 'undelivered'] });
    expect(await statesOf(store, 'c')).toEqual({ state: 'requested', steps: ['requested'] });
    const steps = await store.query(
      "SELECT toString(at) AS at, reason FROM {database}.retrain_states FINAL WHERE state = 'undelivered'",
    );
    expect(steps).toEqual([{ at: '2026-11-22 09:30:00.000', reason: 'answered 410' }]);
  });

  it('queues what was approved by a process that died before it could', async () => {
    const { store, watch } = await scene();
    const request = await storeRequest(store, { suggested: true });
    expect(await outbox(store)).toEqual([]);
    await saveStep(store, request.id, { state: 'requested', at: NOW, author: 'ann' });
    await watch().look(undefined);
    expect(await outbox(store)).toMatchObject([
      { id: request.id, status: 'pending', payload: { kind: 'retrain' } },
    ]);
  });

  it('lets go of what takes too long, in the time of the evaluations', async () => {
    const { store, watch, telemetry } = await scene();
    const { id, at } = await storeRequest(store);
    await bring(store, id, 'sent', 'running');
    const watching = watch();
    await watching.look(at + 2 * HOUR - 1);
    expect((await statesOf(store, id)).state).toBe('running');
    await watching.look(at + 2 * HOUR);
    expect((await statesOf(store, id)).state).toBe('timed_out');
    await watching.look(at + 3 * HOUR);
    const metrics = await telemetry.registry.metrics();
    expect(metrics).toContain('driftd_retrain_states{state="timed_out"} 1');
    expect(metrics).toContain('driftd_retrain_states{state="running"} 0');
    watching.release();
    expect(await telemetry.registry.metrics()).not.toContain('driftd_retrain_states{');
  });

  it('waits for the traffic of a new version, then learns its baseline and tells how it compares, once', async () => {
    const { store, watch, desk, directory } = await scene([
      { hour: 0, shift: 60 },
      { hour: 1, version: '8', count: 200 },
    ]);
    const request = await storeRequest(store);
    await desk.report(request.id, { status: 'succeeded', version: '8', baseline: 'learn' });
    const watching = watch();
    await watching.look(undefined);
    expect((await statesOf(store, request.id)).state).toBe('succeeded');

    await addHours(store, directory, [{ hour: 2, version: '8', count: 200 }]);
    await watching.look(undefined);
    expect((await statesOf(store, request.id)).state).toBe('compared');
    const told = await outbox(store);
    const notes = told.filter(({ payload }) => payload.note !== undefined);
    expect(notes.map(({ payload }) => payload.receiver)).toEqual(['team/slack/0', 'team/webhook/0']);
    const { note } = notes[0]?.payload ?? {};
    expect(note).toMatchObject({
      about: 'compared',
      request: request.id,
      title: 'a new version was compared',
    });
    expect(note?.lines[0]).toContain('version 8 beside version 7: 400 predictions, ');
    expect(note?.lines[1]).toMatch(
      /^1 of \d+ distributions moved against version 7, .* \(psi_adjusted\): amount /,
    );

    const [activation] = (await listActivations(store)).filter(({ version }) => version === '8');
    expect(activation).toMatchObject({ model: 'fraud', reason: `retraining ${request.id}` });
    expect(activation?.appliesFrom).toBeGreaterThan(NOW);
    const learned = await loadBaseline(store, activation?.baselineId ?? '');
    expect(learned).toMatchObject({ version: '8', rows: 400, from: MORNING + HOUR });
    // Nothing was labelled, so what the version before could do is what it is measured by.
    expect(learned?.performance.get('accuracy')?.value).toBe(0.95);

    await watching.look(undefined);
    await watch().look(undefined);
    expect(await outbox(store)).toEqual(told);
  });

  it('takes the baseline that the target names, for all events of the version', async () => {
    const { store, watch, desk } = await scene();
    const request = await storeRequest(store);
    const given = baselineOf(eventsOf({ hour: -24, count: 500, version: '8' }), { version: '8' });
    await saveBaseline(store, given, 'file');
    await desk.report(request.id, { status: 'succeeded', version: '8', baseline: given.id });
    const watching = watch();
    await watching.look(undefined);
    await watching.look(undefined);
    expect((await listActivations(store)).filter(({ version }) => version === '8')).toMatchObject([
      { appliesFrom: 0, baselineId: given.id },
    ]);
  });

  it('looks at the other new versions when one of them cannot be looked at', async () => {
    const { store, watch, desk } = await scene([{ hour: 0 }, { hour: 1, version: '8' }]);
    for (const [id, model] of [
      ['good', 'fraud'],
      ['odd', 'odd'],
    ] as const) {
      await storeRequest(store, { id, model, at: MORNING + (id === 'odd' ? HOUR : 0) });
      await desk.report(id, { status: 'succeeded', version: '8', baseline: 'learn' });
    }
    const { lastSeen } = storedMeasurements(store, new BaselineDirectory(NO_BASELINES), () => POLICY);
    const watching = watch(store, {
      lastSeen: async (model) => {
        if (model === 'odd') throw new TypeError('on purpose');
        return lastSeen(model);
      },
      directory: await directoryOf([REFERENCE, { ...REFERENCE, model: 'odd', id: 'odd' }]),
    });
    await watching.look(undefined);
    expect((await statesOf(store, 'odd')).state).toBe('succeeded');
    expect((await statesOf(store, 'good')).state).toBe('compared');
  });

  it.each(['baselines', 'retrain_states', 'baseline_activations', 'notifications'])(
    'tells and learns the same when it dies at writing %s',
    async (table) => {
      const { store, watch, desk } = await scene([{ hour: 0 }, { hour: 1, version: '8' }]);
      const request = await storeRequest(store);
      await desk.report(request.id, { status: 'succeeded', version: '8', baseline: 'learn' });
      const dying = faultyStore(store);
      dying.failsAt = { table, calls: 0 };
      await expect(watch(dying).look(undefined)).rejects.toThrow('on purpose');
      const next = watch();
      await next.look(undefined);
      expect((await statesOf(store, request.id)).state).toBe('compared');
      const notes = (await outbox(store)).filter(({ payload }) => payload.note !== undefined);
      expect(notes).toHaveLength(2);
      expect((await listActivations(store)).filter(({ version }) => version === '8')).toHaveLength(1);
    },
  );
});

async function addHours(store: Store, directory: BaselineDirectory, hours: readonly Hour[]): Promise<void> {
  await storeHours(store, hours, [REFERENCE]);
  await directory.refresh();
}
