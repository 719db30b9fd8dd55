import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { InjectedFault } from '../../src/cli/demo/injected-fault.ts';
import { createTraffic, type Traffic } from '../../src/cli/demo/traffic.ts';
import type { Store } from '../../src/store/client.ts';
import { type Daemon, startDaemon } from '../support/daemon.ts';
import { createTopic, describeWithKafka, kafkaBrokers, produce } from '../support/kafka.ts';
import { poll } from '../support/poll.ts';
import { randomName } from '../support/random-name.ts';
import { configText, RETRAIN_SECRET, RULES, type Scene, setScene } from './scene.ts';

const HOUR = 3_600_000;
/** Twelve whole hours and a bit, so that the watermark passes the end of the twelfth. */
const START = Math.floor(Date.now() / HOUR) * HOUR - 20 * HOUR;
const DURATION = 12.5 * HOUR;
const COUNT = 210_000;

function shifted(feature: string, factor: number): InjectedFault {
  const [from, to] = [START + 5 * HOUR, START + 7 * HOUR];
  return {
    kind: 'scaled',
    name: `${feature} is scaled`,
    feature,
    factor,
    from,
    to,
    foundBy: ['FeatureDrift'],
  };
}

describeWithKafka('driftd run', () => {
  const predictions = randomName('predictions');
  const labels = randomName('labels');
  let scene: Scene;
  let traffic: Traffic;

  beforeAll(async () => {
    scene = await setScene();
    traffic = createTraffic({
      count: COUNT,
      start: START,
      duration: DURATION,
      faults: [shifted('amount', 2), shifted('session_seconds', 2.5)],
      delayHours: [1 / 60, 0.5],
    });
    await createTopic(predictions, 4);
    await createTopic(labels, 2);
    await writeTopics();
    await scene.write('rules.yaml', RULES);
    const reference = Array.from(
      traffic.reference(10_000),
      ({ kind: _, predictionId: __, ...event }) => event,
    );
    await scene.write('reference.ndjson', reference.map((event) => JSON.stringify(event)).join('\n'));
  }, 300_000);

  afterAll(async () => {
    await scene?.close();
  });

  /** All events, interleaved as a producer would have sent them; the id is the key. */
  async function writeTopics(): Promise<void> {
    const batches = { predictions: [] as Message[], labels: [] as Message[] };
    const flush = async (): Promise<void> => {
      await produce(predictions, batches.predictions.splice(0));
      await produce(labels, batches.labels.splice(0));
    };
    for (const { topic, timestamp, value } of traffic.events()) {
      const key = /"prediction_id":"([^"]+)"/.exec(value)?.[1] ?? null;
      batches[topic].push({ key, value, timestamp: String(timestamp) });
      if (batches[topic].length >= 50_000) await flush();
    }
    await flush();
  }

  async function prepare(database: string): Promise<{ config: string; store: Store }> {
    const config = await scene.write(
      `${database}.yaml`,
      configText({
        storeUrl: scene.clickhouse.url,
        database,
        brokers: await kafkaBrokers(),
        predictions,
        labels,
        sinkUrl: `${scene.sink.url}/${database}`,
        rules: `${scene.folder}/rules.yaml`,
        more: 'ingest: { flush_interval: 1s, chunk_records: 20000 }\nlog: { level: debug }',
      }),
    );
    const created = await startDaemon(
      ['baseline', 'create', `${scene.folder}/reference.ndjson`, '--config', config, '--model', 'fraud'],
      { env: ENV },
    );
    expect(await created.exited, created.stderr.join('\n')).toMatchObject({ code: 0 });
    return { config, store: await scene.open(database) };
  }

  const run = (config: string): Promise<Daemon> => startDaemon(['run', '--config', config], { env: ENV });
  const requests = (database: string, path: string) =>
    scene.sink.requests.filter((request) => request.path === `/${database}${path}`);

  async function evaluatedUpTo(store: Store, instant: number): Promise<void> {
    await poll(
      async () => {
        const rows = await store
          .query<{ group: string; upTo: number }>(
            `SELECT rule_group AS group, toUnixTimestamp64Milli(max(instant)) AS upTo
             FROM {database}.evaluations WHERE rule_group != 'driftd' GROUP BY rule_group`,
          )
          .catch(() => []);
        return rows.length === 2 && rows.every(({ upTo }) => upTo >= instant) ? rows : undefined;
      },
      { timeoutMs: 180_000, what: 'evaluation of every window' },
    );
  }

  async function expectTruth(store: Store): Promise<void> {
    const [counted] = await store.query<{ events: number }>(
      `SELECT sum(n + missing + invalid) AS events FROM {database}.profile_parts FINAL WHERE feature = '__prediction__'`,
    );
    expect(counted?.events).toBe(COUNT);
    const hourly = await store.query<{ hour: number; events: number }>(
      `SELECT toUnixTimestamp64Milli(toStartOfHour(pane)) AS hour, sum(n + missing) AS events
       FROM (SELECT * FROM {database}.profile_parts FINAL) WHERE feature = 'age' GROUP BY hour ORDER BY hour`.replace(
        'toUnixTimestamp64Milli(toStartOfHour(pane))',
        'toUnixTimestamp(toStartOfHour(pane)) * 1000',
      ),
    );
    const truth = traffic.truth();
    expect(hourly).toEqual(truth.map(({ from, predictions: events }) => ({ hour: from, events })));
    const accuracy = await store.query<{ window: number; value: number; n: number }>(
      `SELECT toUnixTimestamp64Milli(window_start) AS window, value, n FROM {database}.metrics FINAL
       WHERE metric = 'accuracy' AND status = 'ok' ORDER BY window_start`,
    );
    // The window that ends an hour before the last evaluated instant is the last one whose labels are due.
    const due = truth
      .slice(0, 11)
      .map(({ from, accuracy: value, labelled }) => ({ window: from, value, n: labelled }));
    expect(accuracy.slice(0, 11)).toEqual(due);
    const windows = await store.query<{ windows: number }>(
      `SELECT uniqExact(window_end) AS windows FROM {database}.metrics FINAL
       WHERE feature = 'amount' AND metric = 'psi' AND status = 'ok'`,
    );
    expect(windows).toEqual([{ windows: 12 }]);
  }

  function expectMessages(database: string): void {
    const slack = requests(database, '/slack/hook').map(
      ({ body }) => JSON.parse(body.toString('utf8')) as SlackBody,
    );
    expect(slack).toHaveLength(2);
    const [fired, resolved] = slack.map((message) => JSON.stringify(message));
    expect(fired).toMatch(/amount/);
    expect(fired).toMatch(/session_seconds/);
    expect(fired).toMatch(/psi/);
    expect(fired).toMatch(/median/);
    expect(fired).toMatch(/https?:/);
    expect(fired).toMatch(/reference [ ▁▂▃▄▅▆▇█]+\\nnow {7}[ ▁▂▃▄▅▆▇█]+/);
    expect(fired).toContain(new Date(START + 6 * HOUR).toISOString().slice(11, 16));
    expect(resolved).toMatch(/resolved/i);
    const retrains = requests(database, '/retrain');
    expect(retrains).toHaveLength(1);
    const { headers, body } = retrains[0] as (typeof retrains)[number];
    const key = Buffer.from(RETRAIN_SECRET.slice('whsec_'.length), 'base64');
    const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body.toString('utf8')}`;
    expect(headers['webhook-signature']).toBe(
      `v1,${createHmac('sha256', key).update(signed).digest('base64')}`,
    );
  }

  it('tells of a drift once, of its end once, asks for one new model, and counts every event', async () => {
    const database = randomName('clean');
    const { config, store } = await prepare(database);
    const daemon = await run(config);
    await evaluatedUpTo(store, START + 12 * HOUR);
    await scene.sink.waitFor(({ path }) => path === `/${database}/retrain`, 30_000);
    await poll(() => (requests(database, '/slack/hook').length >= 2 ? true : undefined), {
      timeoutMs: 30_000,
      what: 'two messages',
    });
    const stopped = Date.now();
    expect(await daemon.stop()).toMatchObject({ code: 0 });
    expect(Date.now() - stopped).toBeLessThan(15_000);
    await expectTruth(store);
    expectMessages(database);
    for (const line of daemon.stderr) expect(line).not.toContain(RETRAIN_SECRET);
  }, 300_000);

  it('counts the same and says nothing twice when it is killed twice on the way', async () => {
    const database = randomName('killed');
    const { config, store } = await prepare(database);
    for (const share of [0.3, 0.6]) {
      const daemon = await run(config);
      await poll(
        async () => {
          const [row] = await store.query<{ events: number }>(
            `SELECT sum(n + missing) AS events FROM {database}.profile_parts FINAL WHERE feature = '__prediction__'`,
          );
          return (row?.events ?? 0) > COUNT * share ? row : undefined;
        },
        { timeoutMs: 120_000, what: `${share} of the events` },
      );
      await daemon.kill();
    }
    const daemon = await run(config);
    await evaluatedUpTo(store, START + 12 * HOUR);
    await poll(() => (requests(database, '/slack/hook').length >= 2 ? true : undefined), {
      timeoutMs: 30_000,
      what: 'two messages',
    });
    expect(await daemon.stop()).toMatchObject({ code: 0 });
    await expectTruth(store);
    expectMessages(database);
  }, 400_000);
});

const ENV = { RETRAIN_SECRET };

interface Message {
  readonly key: string | null;
  readonly value: string;
  readonly timestamp: string;
}

interface SlackBody {
  readonly text: string;
  readonly blocks: readonly unknown[];
}
