import pino from 'pino';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { createDelivery, type Delivery } from '../../src/notify/delivery.ts';
import type { BaselineDirectory } from '../../src/pipeline/baseline-directory.ts';
import { byEventTime } from '../../src/pipeline/dispatch-clock.ts';
import { createDispatcher } from '../../src/pipeline/dispatching.ts';
import { createEvaluator, type EvaluationParts } from '../../src/pipeline/evaluation.ts';
import type { Evaluator } from '../../src/pipeline/evaluator.ts';
import { intakeGroup } from '../../src/pipeline/intake-alerts.ts';
import { callbackUrl, linkMaker } from '../../src/pipeline/links.ts';
import { fromStored, toStored } from '../../src/pipeline/outbox.ts';
import { createSuppressions } from '../../src/pipeline/stored-suppressions.ts';
import { loadRules } from '../../src/rules/load-rules.ts';
import type { Store } from '../../src/store/client.ts';
import { intakeRow } from '../../src/store/intake.ts';
import { pendingNotifications, saveNotifications } from '../../src/store/notifications.ts';
import { createTelemetry } from '../../src/telemetry/telemetry.ts';
import { optionsOf } from '../notify/examples.ts';
import { HOUR, MINUTE, MORNING } from '../support/events.ts';
import { faultyStore } from '../support/faulty-store.ts';
import { directoryOf, POLICY } from '../support/open-chunks.ts';
import { STORE_KINDS, storesOfSuite } from '../support/stores.ts';
import { REFERENCE, storeHours } from './hours.ts';

const RULES = `
groups:
  - name: inputs
    schedule: "0 * * * *"
    window: 1h
    rules:
      - alert: Drift
        each: feature
        when: psi_adjusted > 0.1 && q_value < 0.01
        for: 1
        clear: 1
        summary: "{{feature}} drifted"
        retrain: pipeline
  - name: liveness
    schedule: "0 * * * *"
    window: 1h
    rules:
      - { alert: Silence, when: predictions == 0, for: 2, clear: 1, summary: nothing }
`;
const NOTIFY = optionsOf({
  receivers: [{ name: 'team', webhook_configs: [{ url: 'http://127.0.0.1:1/' }] }],
  route: { receiver: 'team' },
  retraining: [{ name: 'pipeline', webhook: { url: 'http://127.0.0.1:1/', secret: 's' }, cooldown: '1h' }],
});
const { groups } = loadRules([{ file: 'rules.yaml', text: RULES }], { retrainTargets: ['pipeline'] });
const LOG = pino({ level: 'silent' });

interface Process {
  readonly evaluator: Evaluator;
  readonly delivery: Delivery;
}

/** One process that evaluates. What it sends goes to `sent`, by id. */
function processOn(
  store: Store,
  directory: BaselineDirectory,
  sent: string[],
  change: Partial<EvaluationParts> = {},
): Process {
  const send = async ({ id }: { readonly id: string }) => {
    sent.push(id);
    return { kind: 'sent' } as const;
  };
  const delivery = createDelivery({
    loadPending: async () => (await pendingNotifications(store)).map(fromStored),
    save: (row) => saveNotifications(store, [toStored(row)]),
    sends: new Map([
      ['team/webhook/0', send],
      ['pipeline', send],
    ]),
    log: LOG,
    random: () => 0.5,
  });
  const parts = { clock: systemClock, logger: LOG, telemetry: createTelemetry(), store, delivery };
  const link = linkMaker(undefined, () => 'http://127.0.0.1:9464');
  const suppressions = createSuppressions(parts);
  const dispatcher = createDispatcher({
    ...parts,
    notify: NOTIFY,
    link,
    suppressions,
    waits: () => false,
    assertOwner: () => undefined,
  });
  const evaluator = createEvaluator({
    ...parts,
    directory,
    policies: () => POLICY,
    callbackUrl: (id) => callbackUrl('http://127.0.0.1:9464', id),
    receiversOf: (alerts, now) => dispatcher.receiversOf(alerts, now),
    groups,
    backfill: 24 * HOUR,
    retraining: () => NOTIFY.retraining,
    link,
    assertOwner: () => undefined,
    dispatching: byEventTime(dispatcher),
    ...change,
  });
  return { evaluator, delivery };
}

/** Evaluates to the end, in as many lives as it takes. @returns the number of lives. */
async function evaluate(begin: () => Process): Promise<number> {
  for (let lives = 1; ; lives += 1) {
    const { evaluator, delivery } = begin();
    try {
      await evaluator.takeOver();
      await evaluator.evaluateUpTo(MORNING + 9 * HOUR, () => true, new AbortController().signal);
      await evaluator.dispatch();
      await delivery.drained();
      return lives;
    } catch (error) {
      expect(String(error)).toContain('on purpose');
    } finally {
      await delivery.stop(1_000);
    }
  }
}

/** Everything that an evaluation leaves, except for when it was written. */
async function decided(store: Store): Promise<Record<string, object[]>> {
  const tables: Readonly<Record<string, readonly [order: string, except: string]>> = {
    metrics: ['model, version, feature, metric, against, window_end', 'computed_at, written_at'],
    evaluations: ['rule_group, instant', 'evaluated_at, written_at'],
    alert_transitions: ['id', 'written_at'],
    notification_log: ['receiver, group_key, seq', 'dispatched_at, written_at'],
    retrain_requests: ['id', 'updated_at, written_at'],
    retrain_states: ['id, state', 'at, ordinal, written_at'],
    notifications: ['id', 'updated_at, next_attempt_at, queued_at, written_at'],
  };
  const dump: Record<string, object[]> = {};
  for (const [table, [order, except]] of Object.entries(tables)) {
    dump[table] = await store.query(
      `SELECT * EXCEPT (${except}) FROM {database}.${table} FINAL ORDER BY ${order}`,
    );
  }
  return dump;
}

const TRAFFIC = [0, 1, 2, 3, 4, 7, 8].map((hour) => ({ hour, shift: hour === 2 || hour === 3 ? 60 : 0 }));

describe.each(STORE_KINDS)('evaluations on a store: %s', (kind) => {
  const stores = storesOfSuite(kind);

  it('tell of a drift and of its end once, ask for one new model, and notice silence', async () => {
    const store = await stores.fresh();
    const directory = await storeHours(store, TRAFFIC);
    const sent: string[] = [];
    await evaluate(() => processOn(store, directory, sent));
    const transitions = await store.query<{ text: string }>(
      `SELECT concat(toString(at), ' ', alertname, ' ', to_state, ' ', feature, ': ', summary) AS text
       FROM {database}.alert_transitions FINAL ORDER BY at, text`,
    );
    expect(transitions.map(({ text }) => text)).toEqual([
      '2026-11-22 11:00:00.000 Drift firing amount: amount drifted',
      '2026-11-22 13:00:00.000 Drift resolved amount: amount drifted',
      '2026-11-22 14:00:00.000 Silence pending : nothing',
      '2026-11-22 15:00:00.000 Silence firing : nothing',
      '2026-11-22 16:00:00.000 Silence resolved : nothing',
    ]);
    expect(sent.length).toBe(5);
    expect(await store.query('SELECT target, baseline_id, status FROM {database}.retrain_requests')).toEqual([
      { target: 'pipeline', baseline_id: REFERENCE.id, status: 'requested' },
    ]);
    const notifications = await store.query('SELECT status, attempts FROM {database}.notifications FINAL');
    expect(notifications).toEqual(Array.from({ length: 5 }, () => ({ status: 'sent', attempts: 1 })));
    const windows = await store.query(
      "SELECT count() AS c FROM {database}.metrics FINAL WHERE metric = 'predictions'",
    );
    expect(windows).toEqual([{ c: 9 }]);
  });

  const tables = [
    'metrics',
    'evaluations',
    'alert_transitions',
    'retrain_requests',
    'retrain_states',
    'notification_log',
    'notifications',
  ];
  it.each(kind === 'embedded' ? tables : ['notifications'])(
    'come to the same when the process dies while it writes %s, and are told once',
    async (table) => {
      const calm = await stores.fresh();
      const directory = await storeHours(calm, TRAFFIC);
      await evaluate(() => processOn(calm, directory, []));
      const expected = await decided(calm);

      const store = await stores.fresh();
      await storeHours(store, TRAFFIC);
      const sent: string[] = [];
      let faulty = faultyStore(store);
      let calls = table === 'metrics' || table === 'evaluations' ? 4 : 0;
      const lives = await evaluate(() => {
        faulty = faultyStore(store);
        if (calls >= 0) faulty.failsAt = { table, calls };
        calls = -1;
        return processOn(faulty, directory, sent);
      });
      expect(lives).toBe(2);
      expect(await decided(store)).toEqual(expected);
      expect(new Set(sent).size).toBe(5);
      expect(sent.length).toBe(5);
    },
  );

  it('are gone on with by another process, which repeats nothing', async () => {
    const calm = await stores.fresh();
    const directory = await storeHours(calm, TRAFFIC);
    await evaluate(() => processOn(calm, directory, []));
    const store = await stores.fresh();
    await storeHours(store, TRAFFIC);
    const sent: string[] = [];
    for (let hour = 1; hour <= 9; hour += 1) {
      const { evaluator, delivery } = processOn(store, directory, sent);
      await evaluator.takeOver();
      // Two groups; the process before has left exactly one instant of each.
      const count = await evaluator.evaluateUpTo(
        MORNING + hour * HOUR,
        () => true,
        new AbortController().signal,
      );
      expect(count).toBe(2);
      await delivery.drained();
      await delivery.stop(1_000);
    }
    expect(await decided(store)).toEqual(await decided(calm));
    expect(sent.length).toBe(5);
  });

  it('tell of a producer whose records are rejected when it begins and when it ends, whoever evaluates', async () => {
    const store = await stores.fresh();
    const limit = { share: 0.5, window: 5 * MINUTE, records: 100, severity: 'critical' };
    const group = intakeGroup(limit);
    await store.insert(
      'intake',
      Array.from({ length: 40 }, (_, minute) => {
        const broken = minute >= 10 && minute < 20;
        const place = { topic: 'predictions', partition: 0, at: MORNING + minute * MINUTE };
        const rejects = new Map(broken ? [['not_json', { count: 190, offset: minute }] as const] : []);
        return intakeRow(place, { records: 200, rejects });
      }),
    );
    const sent: string[] = [];
    const empty = await directoryOf([]);
    for (let minute = 0; minute <= 40; minute += 3) {
      const { evaluator, delivery } = processOn(store, empty, sent, {
        groups: [group],
        intake: { group, limit },
      });
      await evaluator.takeOver();
      await evaluator.evaluateUpTo(MORNING + minute * MINUTE, () => true, new AbortController().signal);
      await delivery.drained();
      await delivery.stop(1_000);
    }
    const transitions = await store.query<{ text: string }>(
      `SELECT concat(toString(at), ' ', alertname, ' ', to_state, ' ', summary) AS text
       FROM {database}.alert_transitions FINAL ORDER BY at`,
    );
    expect(transitions.map(({ text }) => text)).toEqual([
      expect.stringMatching(/^2026-11-22 08:13:00.000 RejectedRecords firing 57 % of 1000 .* offset 12 /),
      expect.stringMatching(/^2026-11-22 08:24:00.000 RejectedRecords resolved /),
    ]);
    expect(sent.length).toBe(2);
    // Nothing was evaluated before there was something to look at.
    const [first] = await store.query('SELECT toString(min(instant)) AS at FROM {database}.evaluations');
    expect(first).toEqual({ at: '2026-11-22 08:01:00.000' });
  });
});
