import { afterAll, beforeAll, expect, it } from 'vitest';
import { intakeRow } from '../../src/store/intake.ts';
import { migrate } from '../../src/store/migrate.ts';
import { startDaemon } from '../support/daemon.ts';
import { createTopic, describeWithKafka, kafkaBrokers, produce, withAdmin } from '../support/kafka.ts';
import { poll } from '../support/poll.ts';
import { randomName } from '../support/random-name.ts';
import { configText, RETRAIN_SECRET, RULES, type Scene, setScene } from './scene.ts';

const NOW = Date.now();
const event = (more: object, timestamp: string | number = new Date(NOW).toISOString()): string =>
  JSON.stringify({
    model: 'fraud',
    version: '7',
    timestamp,
    features: { amount: 1 },
    prediction: 'ok',
    ...more,
  });

describeWithKafka('a stream with bad records in it', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await setScene();
    await scene.write('rules.yaml', RULES);
  });
  afterAll(async () => {
    await scene?.close();
  });

  it('goes on, and each bad record is counted and kept with its place and its reason', async () => {
    const topic = randomName('predictions');
    const database = randomName('rejects');
    await createTopic(topic, 1);
    await withAdmin((admin) =>
      admin.alterConfigs({
        validateOnly: false,
        // ConfigResourceTypes.TOPIC
        resources: [
          { type: 2, name: topic, configEntries: [{ name: 'max.message.bytes', value: '8388608' }] },
        ],
      }),
    );
    const config = await scene.write(
      'rejects.yaml',
      configText({
        storeUrl: scene.clickhouse.url,
        database,
        brokers: await kafkaBrokers(),
        predictions: topic,
        sinkUrl: scene.sink.url,
        rules: `${scene.folder}/rules.yaml`,
        more: 'ingest: { flush_interval: 1s }',
      }),
    );
    const values: Array<string | null> = [
      event({ prediction_id: 'first' }),
      'not json {',
      '{"__proto__":{"model":"fraud","timestamp":"2026-11-22T08:00:00Z","features":{}}}',
      event({ features: { text: 'x'.repeat(5 * 1024 * 1024) } }),
      event({}, '1970-01-02T00:00:00Z'),
      event({ model: undefined }),
      null,
      '[1,2,3]',
      event({}, NOW + 7_200_000),
      event({}, 'yesterday'),
      // Keys such as __proto__ are data when they name a feature.
      `{"model":"fraud","timestamp":${NOW},"features":{"__proto__":1,"constructor":"x","amount":2},"prediction":"ok"}`,
      event({ prediction_id: 'last' }),
    ];
    await produce(
      topic,
      values.map((value) => ({ value, timestamp: String(NOW) })),
    );
    const daemon = await startDaemon(['run', '--config', config], { env: { RETRAIN_SECRET } });
    const store = await scene.open(database);
    const rejects = await poll(
      async () => {
        const rows = await store
          .query<{ offset: number; reason: string; payload: string; size: number }>(
            'SELECT offset, reason, payload, size FROM {database}.rejects FINAL ORDER BY offset',
          )
          .catch(() => []);
        return rows.length >= 9 ? rows : undefined;
      },
      { timeoutMs: 60_000, what: 'nine rejects' },
    );
    expect(rejects.map(({ offset, reason }) => [offset, reason])).toEqual([
      [1, 'not_json'],
      [2, 'no_model'],
      [3, 'too_large'],
      [4, 'too_old'],
      [5, 'no_model'],
      [6, 'empty'],
      [7, 'wrong_shape'],
      [8, 'in_the_future'],
      [9, 'bad_timestamp'],
    ]);
    expect(rejects[0]).toMatchObject({ payload: 'not json {', size: 10 });
    expect(rejects[2]?.payload.length).toBe(1_024);
    expect(rejects[2]?.size).toBeGreaterThan(5 * 1024 * 1024);

    const { url } = (await daemon.waitForLog(({ msg }) => msg === 'driftd listens')) as unknown as {
      url: string;
    };
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toContain(`driftd_rejects_total{topic="${topic}",reason="no_model"} 2`);
    expect(metrics).toContain(`driftd_rejects_total{topic="${topic}",reason="too_large"} 1`);
    expect(metrics).toContain('driftd_events_total{kind="prediction"} 3');
    const [sample] = await store.query<{ events: number }>(
      'SELECT count() AS events FROM {database}.learning_samples FINAL',
    );
    expect(sample?.events).toBe(3);
    expect(await daemon.stop()).toMatchObject({ code: 0 });
  });

  it('learns a baseline from the first events of a model that has none, and counts what comes behind them', async () => {
    const topic = randomName('predictions');
    const database = randomName('learning');
    await createTopic(topic, 2);
    const config = await scene.write(
      'learning.yaml',
      configText({
        storeUrl: scene.clickhouse.url,
        database,
        brokers: await kafkaBrokers(),
        predictions: topic,
        sinkUrl: scene.sink.url,
        rules: `${scene.folder}/rules.yaml`,
        more: 'ingest: { flush_interval: 1s, chunk_records: 2000 }',
      }),
    );
    const start = Math.floor(NOW / 300_000) * 300_000 - 3_600_000;
    const messages = Array.from({ length: 12_000 }, (_, i) => {
      const timestamp = start + i * 300;
      const features = { amount: (i * 7919) % 1_000, country: ['DE', 'FR', 'US'][i % 3] };
      return { value: event({ features }, timestamp), timestamp: String(timestamp) };
    });
    // In the order of time, as a producer writes: alternating partitions, not one after the other.
    for (let i = 0; i < messages.length; i += 500) {
      await produce(
        topic,
        messages.slice(i, i + 500).map((message, k) => ({ ...message, partition: k % 2 })),
      );
    }
    const daemon = await startDaemon(['run', '--config', config], { env: { RETRAIN_SECRET } });
    await daemon.waitForLog(
      ({ msg }) => /^learned a baseline for fraud from its first \d+ events$/.test(msg),
      90_000,
    );
    const store = await scene.open(database);
    const [activation] = await store.query<{ from: number }>(
      'SELECT toUnixTimestamp64Milli(applies_from) AS from FROM {database}.baseline_activations FINAL',
    );
    const from = activation?.from ?? 0;
    expect(from % 300_000).toBe(0);
    const expected = messages.filter(({ timestamp }) => Number(timestamp) >= from).length;
    expect(expected).toBeGreaterThan(1_000);
    await poll(
      async () => {
        const [row] = await store.query<{ events: number }>(
          `SELECT sum(n + missing) AS events FROM {database}.profile_parts FINAL WHERE feature = '__prediction__'`,
        );
        return row?.events === expected ? row : undefined;
      },
      { timeoutMs: 60_000, what: `${expected} counted events` },
    );
    expect(await daemon.stop()).toMatchObject({ code: 0 });
  });

  it('that are too many turn /readyz red and raise an alert, since a producer has changed its format', async () => {
    const topic = randomName('predictions');
    const database = randomName('format');
    await createTopic(topic, 1);
    const config = await scene.write(
      'format.yaml',
      configText({
        storeUrl: scene.clickhouse.url,
        database,
        brokers: await kafkaBrokers(),
        predictions: topic,
        sinkUrl: scene.sink.url,
        rules: `${scene.folder}/rules.yaml`,
        more: 'ingest: { flush_interval: 1s, idle_timeout: 1s, allowed_lateness: 0s }',
      }),
    );
    // Another instance has read something like that some minutes ago, and died before it could say so.
    const store = await scene.open(database);
    await migrate(store);
    const rejects = new Map([['no_model', { count: 300, offset: 7 }] as const]);
    const at = NOW - 20 * 60_000;
    await store.insert('intake', [
      intakeRow({ topic: 'elsewhere', partition: 3, at }, { records: 400, rejects }),
    ]);

    const daemon = await startDaemon(['run', '--config', config], { env: { RETRAIN_SECRET } });
    const { url } = (await daemon.waitForLog(({ msg }) => msg === 'driftd listens')) as unknown as {
      url: string;
    };
    const becomes = (status: number): Promise<string> =>
      poll(
        async () => {
          const answer = await fetch(`${url}/readyz`);
          return answer.status === status ? answer.text() : undefined;
        },
        { timeoutMs: 30_000, what: `${status} from /readyz` },
      );
    await produce(
      topic,
      Array.from({ length: 200 }, () => ({ value: event({}) })),
    );
    await becomes(200);
    await produce(
      topic,
      Array.from({ length: 400 }, () => ({ value: 'a,new,format' })),
    );
    expect(await becomes(503)).toContain(
      `topic ${topic}: 67 % of 600 records read from ${topic} in 5m were rejected, mostly as not_json, such as offset 599 of partition 0`,
    );
    expect((await fetch(`${url}/livez`)).status).toBe(200);
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toContain(`driftd_rejected_share{topic="${topic}"} 0.666`);

    const alerts = () =>
      daemon.logs.flatMap((line) =>
        line['alertname'] === 'RejectedRecords' && line['topic'] === 'elsewhere' ? [line['state']] : [],
      );
    await poll(() => (alerts().length >= 2 ? true : undefined), { timeoutMs: 30_000, what: 'alert' });
    expect(alerts()).toEqual(['firing', 'resolved']);
    const [first, second] = await poll(
      () => {
        const about = scene.sink.requests.filter(({ body }) => String(body).includes('RejectedRecords'));
        return about.length >= 2 ? about.map(({ body }) => String(body)) : undefined;
      },
      { timeoutMs: 10_000, what: 'messages' },
    );
    expect(first).toContain(
      '75 % of 400 records read from elsewhere in 5m were rejected, mostly as no_model, such as offset 7 of partition 3',
    );
    expect(second).toContain('resolved');
    expect(await daemon.stop()).toMatchObject({ code: 0 });
  });
});
