import pino from 'pino';
import { describe, expect, it } from 'vitest';
import { atOnce } from '../../../src/base/steps.ts';
import type { PredictionEvent } from '../../../src/event/events.ts';
import type { AlertNotification } from '../../../src/notify/notification.ts';
import { BaselineDirectory } from '../../../src/pipeline/baseline-directory.ts';
import type { MeasurePorts } from '../../../src/pipeline/measure-ports.ts';
import { RetrainDesk } from '../../../src/pipeline/retraining/retrain-desk.ts';
import { saveStep } from '../../../src/pipeline/retraining/retrain-record.ts';
import { RetrainWatch } from '../../../src/pipeline/retraining/retrain-watch.ts';
import { storedMeasurements } from '../../../src/pipeline/stored-measurements.ts';
import type { Baseline } from '../../../src/profile/baseline.ts';
import { rebaseSteps } from '../../../src/profile/rebase-baseline.ts';
import {
  listActivations,
  loadBaseline,
  loadBaselines,
  saveActivation,
  saveBaseline,
} from '../../../src/store/baselines.ts';
import type { Store } from '../../../src/store/client.ts';
import { sqlTime } from '../../../src/store/sql-time.ts';
import { createTelemetry } from '../../../src/telemetry/telemetry.ts';
import { optionsOf } from '../../notify/examples.ts';
import { countedProfiles } from '../../support/counted-profiles.ts';
import { baselineOf, HOUR, MORNING } from '../../support/events.ts';
import { faultyStore } from '../../support/faulty-store.ts';
import { activationOf, chunkOf, directoryOf, drainInto, POLICY, takeAll } from '../../support/open-chunks.ts';
import { storesOfSuite } from '../../support/stores.ts';
import { eventsOf, type Hour, REFERENCE, storeHours } from '../hours.ts';
import { statesOf, storeRequest } from './stored-request.ts';

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
  /** NOW, until it is moved. */
  readonly clock: { time: number };
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
  const clock = { time: NOW, now: () => clock.time };
  return {
    store,
    directory,
    clock,
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
async function deliver(
  store: Store,
  id: string,
  status: string,
  error = '',
  at = Date.UTC(2026, 10, 22, 9, 30),
): Promise<void> {
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
      updated_at: sqlTime(at),
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
    await watch().look();
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
    await watch().look();
    expect(await outbox(store)).toMatchObject([
      { id: request.id, status: 'pending', payload: { kind: 'retrain' } },
    ]);
  });

  it('lets go of a target that was not heard of for too long since it took the request', async () => {
    const { store, clock, watch, telemetry } = await scene();
    const { id } = await storeRequest(store);
    // What waits to be sent is the outbox's to end, however long ago it was decided.
    await watch().look();
    expect((await statesOf(store, id)).state).toBe('requested');
    await saveStep(store, id, { state: 'sent', at: NOW - HOUR });
    await saveStep(store, id, { state: 'running', at: NOW });
    const watching = watch();
    clock.time = NOW + 2 * HOUR - 1;
    await watching.look();
    expect((await statesOf(store, id)).state).toBe('running');
    clock.time = NOW + 2 * HOUR;
    await watching.look();
    expect((await statesOf(store, id)).state).toBe('timed_out');
    await watching.look();
    const metrics = await telemetry.registry.metrics();
    expect(metrics).toContain('driftd_retrain_states{state="timed_out"} 1');
    expect(metrics).toContain('driftd_retrain_states{state="running"} 0');
    watching.release();
    expect(await telemetry.registry.metrics()).not.toContain('driftd_retrain_states{');
  });

  it('gives what is sent at another try by hand its whole time', async () => {
    const { store, clock, watch } = await scene();
    const { id } = await storeRequest(store);
    await saveStep(store, id, { state: 'undelivered', at: NOW - 30 * HOUR });
    await deliver(store, id, 'sent', '', NOW - HOUR);
    await watch().look();
    await watch().look();
    expect((await statesOf(store, id)).state).toBe('sent');
    clock.time = NOW + HOUR;
    await watch().look();
    expect((await statesOf(store, id)).state).toBe('timed_out');
  });

  it('lets go of requests of a target that was removed after a day', async () => {
    const { store, clock, watch } = await scene();
    const { id } = await storeRequest(store, { target: 'removed' });
    await saveStep(store, id, { state: 'sent', at: NOW });
    clock.time = NOW + 24 * HOUR - 1;
    await watch().look();
    expect((await statesOf(store, id)).state).toBe('sent');
    clock.time = NOW + 24 * HOUR;
    await watch().look();
    expect((await statesOf(store, id)).state).toBe('timed_out');
  });

  it('waits for the traffic of a new version, then learns its baseline and tells how it compares, once', async () => {
    const { store, watch, desk, directory } = await scene([
      { hour: 0, shift: 60 },
      { hour: 1, version: '8', count: 200 },
    ]);
    const request = await storeRequest(store);
    await desk.report(request.id, { status: 'succeeded', version: '8', baseline: 'learn' });
    const watching = watch();
    await watching.look();
    expect((await statesOf(store, request.id)).state).toBe('succeeded');

    await addHours(store, directory, [{ hour: 2, version: '8', count: 200 }]);
    await watching.look();
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

    await watching.look();
    await watch().look();
    expect(await outbox(store)).toEqual(told);
  });

  it('takes the baseline that the target names, for all events of the version', async () => {
    const { store, watch, desk } = await scene();
    const request = await storeRequest(store);
    const given = baselineOf(eventsOf({ hour: -24, count: 500, version: '8' }), { version: '8' });
    await saveBaseline(store, given, 'file');
    await desk.report(request.id, { status: 'succeeded', version: '8', baseline: given.id });
    const watching = watch();
    await watching.look();
    await watching.look();
    expect((await listActivations(store)).filter(({ version }) => version === '8')).toMatchObject([
      { appliesFrom: 0, baselineId: given.id },
    ]);
  });

  it('keeps a baseline that was named, also one that was made for all versions', async () => {
    const { store, watch, desk } = await scene([{ hour: 0 }]);
    const request = await storeRequest(store);
    const given = baselineOf(eventsOf({ hour: -24, count: 500, version: '8' }));
    expect(given.version).toBeUndefined();
    await saveBaseline(store, given, 'file');
    await desk.report(request.id, { status: 'succeeded', version: '8', baseline: given.id });
    await watch().look();
    const directory = await readDirectory(store);
    await countUnder(directory, store, [{ hour: 1, version: '8' }]);
    await watch(store, { directory }).look();
    expect((await statesOf(store, request.id)).state).toBe('compared');
    expect((await listActivations(store)).filter(({ version }) => version === '8')).toMatchObject([
      { appliesFrom: 0, baselineId: given.id },
    ]);
  });

  it('keeps a baseline that a person has activated for the new version', async () => {
    const { store, watch, desk } = await scene([{ hour: 0 }]);
    const request = await storeRequest(store);
    const own = baselineOf(eventsOf({ hour: -24, count: 500, version: '8' }));
    await saveBaseline(store, own, 'file');
    await saveActivation(store, { ...activationOf(own), version: '8' });
    await desk.report(request.id, { status: 'succeeded', version: '8', baseline: 'learn' });
    const directory = await readDirectory(store);
    await countUnder(directory, store, [{ hour: 1, version: '8' }]);
    await watch(store, { directory }).look();
    expect((await statesOf(store, request.id)).state).toBe('compared');
    expect((await listActivations(store)).filter(({ version }) => version === '8')).toHaveLength(1);
  });

  it('compares the second new version with the first, which was counted under the baseline that it learned', async () => {
    const { store, watch, desk } = await scene([{ hour: 0 }]);
    const events = eventsOf({ hour: -20 }).map((event, i) => ({
      ...event,
      features: { ...event.features, country: i % 3 === 0 ? 'IT' : 'FR' },
    }));
    const learned = learnedFrom(events);
    await saveBaseline(store, learned, 'learned');
    await saveActivation(store, { ...activationOf(learned), version: '7' });
    const directory = await readDirectory(store);
    await countUnder(directory, store, [
      { hour: 1, version: '7', shift: 60 },
      { hour: 2, version: '8' },
    ]);
    const request = await storeRequest(store);
    await desk.report(request.id, { status: 'succeeded', version: '8', baseline: 'learn' });
    await watch(store, { directory }).look();
    const [compared] = (await outbox(store)).filter(({ payload }) => payload.note !== undefined);
    expect(compared?.payload.note?.lines[1]).toMatch(
      /^1 of \d+ distributions moved against version 7, .* \(psi_adjusted\): amount /,
    );
  });

  it('says so when nothing of the version before was counted in the same cells', async () => {
    const { store, watch, desk } = await scene([{ hour: 0 }, { hour: 12, version: '8' }]);
    const request = await storeRequest(store);
    await desk.report(request.id, { status: 'succeeded', version: '8', baseline: 'learn' });
    await watch().look();
    const [compared] = (await outbox(store)).filter(({ payload }) => payload.note !== undefined);
    expect(compared?.payload.note?.lines.slice(1, 3)).toEqual([
      expect.stringContaining('distributions moved against the baseline'),
      expect.stringMatching(/^not compared with version 7, /),
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
    await watching.look();
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
      await expect(watch(dying).look()).rejects.toThrow('on purpose');
      const next = watch();
      await next.look();
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

/** As it is in the store. */
async function readDirectory(store: Store): Promise<BaselineDirectory> {
  const directory = new BaselineDirectory({
    listActivations: () => listActivations(store),
    loadBaselines: (ids) => loadBaselines(store, ids),
  });
  await directory.refresh();
  return directory;
}

/** Each version under the baseline that is in force for it. */
async function countUnder(directory: BaselineDirectory, store: Store, hours: readonly Hour[]): Promise<void> {
  const open = chunkOf(directory, { start: 100_000 });
  for (const hour of hours) takeAll(open, eventsOf(hour));
  await drainInto(store, open);
}

/** What a version learns from these predictions, which were counted under REFERENCE. */
function learnedFrom(events: readonly PredictionEvent[]): Baseline {
  const profiles = countedProfiles(REFERENCE, events);
  const period = { from: MORNING - 24 * HOUR, to: MORNING };
  return atOnce(rebaseSteps(REFERENCE, '7', period, profiles, new Map()));
}
