import { Partitioners } from 'kafkajs';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { saveActivation, saveBaseline } from '../../src/store/baselines.ts';
import type { Store } from '../../src/store/client.ts';
import { migrate } from '../../src/store/migrate.ts';
import { runHere } from '../cli/recorder.ts';
import { type Daemon, startDaemon } from '../support/daemon.ts';
import { baselineOf, predictionOf } from '../support/events.ts';
import {
  createTopic,
  describeWithKafka,
  kafkaBrokers,
  kafkaClient,
  produce,
  withAdmin,
} from '../support/kafka.ts';
import { activationOf } from '../support/open-chunks.ts';
import { poll } from '../support/poll.ts';
import { randomName } from '../support/random-name.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { configText, RETRAIN_SECRET, RULES, type Scene, setScene } from './scene.ts';

const NOW = Date.now();
const GAP = 'the log dropped records before they were read';

function predictions(count: number): Array<{ value: string }> {
  return Array.from({ length: count }, (_, i) => ({
    value: JSON.stringify({ model: 'fraud', version: '7', timestamp: NOW, features: { amount: i % 8 } }),
  }));
}

function labels(count: number): Array<{ value: string }> {
  return Array.from({ length: count }, (_, i) => ({
    value: JSON.stringify({ model: 'fraud', prediction_id: `p${i}`, timestamp: NOW, label: 'ok' }),
  }));
}

/** What Kafka's retention does, at once: everything below an offset is gone. */
async function expire(topic: string, offset: number): Promise<void> {
  await withAdmin(async (admin) => {
    await admin.fetchTopicMetadata({ topics: [topic] });
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: String(offset) }] });
  });
}

async function metric(daemon: Daemon, series: string): Promise<number | undefined> {
  const { url } = (await daemon.waitForLog(({ msg }) => msg === 'driftd listens')) as unknown as {
    url: string;
  };
  const text = await (await fetch(`${url}/metrics`)).text();
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}

function gaps(daemon: Daemon): unknown[] {
  return daemon.logs.flatMap(({ msg, topic, from, to }) =>
    msg.startsWith(GAP) ? [{ topic, from, to }] : [],
  );
}

describeWithKafka('a driftd whose topics lose records', () => {
  let scene: Scene;
  const model = baselineOf([0, 7].map((amount) => predictionOf({ features: { amount } })));

  beforeAll(async () => {
    scene = await setScene();
    await scene.write('rules.yaml', RULES);
  });
  afterAll(async () => {
    await scene?.close();
  });

  /** Two topics, a model with a baseline, and a daemon that can be started any number of times. */
  async function begin(more: string, storeUrl = scene.clickhouse.url, from = 'earliest') {
    const [predicted, labelled] = [randomName('predictions'), randomName('labels')];
    await createTopic(predicted);
    await createTopic(labelled);
    const database = randomName('retention');
    const store = await scene.open(database);
    await migrate(store);
    await saveBaseline(store, model, 'file');
    await saveActivation(store, activationOf(model));
    const config = await scene.write(
      `${database}.yaml`,
      configText({
        storeUrl,
        database,
        brokers: await kafkaBrokers(),
        predictions: predicted,
        labels: labelled,
        sinkUrl: scene.sink.url,
        rules: `${scene.folder}/rules.yaml`,
        more,
      }).replace('kafka:\n', `kafka:\n  from: ${from}\n`),
    );
    const start = () => startDaemon(['run', '--config', config], { env: { RETRAIN_SECRET } });
    const verify = (...flags: string[]) =>
      runHere(['verify', '--config', config, ...flags], { RETRAIN_SECRET });
    return { predicted, labelled, store, start, verify };
  }

  /** Waits until a partition is counted up to an offset, and gives how many predictions are counted. */
  async function countedUpTo(store: Store, topic: string, offset: number): Promise<number> {
    await poll(
      async () => {
        const [row] = await store.query<{ end: number }>(
          'SELECT max(end_offset) AS end FROM {database}.progress WHERE topic = {topic:String}',
          { topic },
        );
        return row !== undefined && row.end >= offset ? row : undefined;
      },
      { timeoutMs: 60_000, what: `count of ${topic} up to ${offset}` },
    );
    const [row] = await store.query<{ n: number }>(
      `SELECT sum(n) AS n FROM {database}.profile_parts FINAL WHERE feature = 'amount'`,
    );
    return row?.n ?? 0;
  }

  it('goes on behind what it has when it was away, and tells once what nobody read', async () => {
    const { predicted, labelled, store, start, verify } = await begin('ingest: { flush_interval: 1s }');
    await produce(predicted, predictions(1_000));
    await produce(labelled, labels(1_000));
    const first = await start();
    expect(await countedUpTo(store, predicted, 1_000)).toBe(1_000);
    await countedUpTo(store, labelled, 1_000);
    await first.stop();

    // The middle of an open chunk: all of it is counted. And beyond everything that is.
    await produce(predicted, predictions(500));
    await produce(labelled, labels(500));
    await expire(predicted, 600);
    await expire(labelled, 1_200);
    const second = await start();
    expect(await countedUpTo(store, predicted, 1_500)).toBe(1_500);
    await countedUpTo(store, labelled, 1_500);
    expect(await metric(second, `driftd_log_gap_records_total{topic="${predicted}"}`)).toBe(0);
    expect(await metric(second, `driftd_log_gap_records_total{topic="${labelled}"}`)).toBe(200);
    expect(gaps(second)).toEqual([{ topic: labelled, from: 1_000, to: 1_200 }]);
    await second.stop();

    // It is known, and not told again.
    const third = await start();
    await produce(predicted, predictions(10));
    await produce(labelled, labels(10));
    expect(await countedUpTo(store, predicted, 1_510)).toBe(1_510);
    await countedUpTo(store, labelled, 1_510);
    expect(gaps(third)).toEqual([]);
    expect(await third.stop()).toMatchObject({ code: 0 });
    const chunks = await store.query(
      `SELECT topic, chunk_start AS start, read_from, gap, end_offset AS end, predictions, labels
       FROM {database}.progress FINAL ORDER BY topic = {labelled:String}, chunk_start`,
      { labelled },
    );
    expect(chunks).toEqual([
      { topic: predicted, start: 0, read_from: 0, gap: 0, end: 1_000, predictions: 1_000, labels: 0 },
      { topic: predicted, start: 1_000, read_from: 1_000, gap: 0, end: 1_510, predictions: 510, labels: 0 },
      { topic: labelled, start: 0, read_from: 0, gap: 0, end: 1_000, predictions: 0, labels: 1_000 },
      { topic: labelled, start: 1_200, read_from: 1_200, gap: 200, end: 1_510, predictions: 0, labels: 310 },
    ]);
    const verified = await verify();
    expect(verified.code).toBe(3);
    expect(verified.stdout[0]).toContain(`${labelled}/0 1000..1199 known_gap: 200 offsets were lost`);
    expect(verified.stdout.at(-1)).toContain('0 faults, 1 known gap, 0 possible holes');
    expect((await verify('--allow-known-gaps')).code).toBe(0);
  });

  it.each(['earliest', 'latest'] as const)(
    'notices what is lost before its eyes, and reads what is left (from: %s)',
    async (from) => {
      const proxy = await startTcpProxy(scene.clickhouse.port);
      onTestFinished(() => proxy.stop());
      const { predicted, store, start } = await begin(
        'ingest: { flush_interval: 1s, chunk_records: 300 }',
        `http://127.0.0.1:${proxy.port}`,
        from,
      );
      const daemon = await start();
      await daemon.waitForLog(({ msg }) => msg === 'joined the consumer group');
      await produce(predicted, predictions(1_000));
      expect(await countedUpTo(store, predicted, 1_000)).toBe(1_000);
      // A batch is read, and waits for the store; what comes behind it goes before it is fetched.
      await proxy.setMode('refuse');
      await produce(predicted, predictions(1_000));
      await daemon.waitForLog(({ msg }) => msg.startsWith('waiting for store'));
      await produce(predicted, predictions(1_000));
      await expire(predicted, 2_400);
      await proxy.setMode('pass');
      await countedUpTo(store, predicted, 3_000);
      await produce(predicted, predictions(100));
      const total = await countedUpTo(store, predicted, 3_100);
      const lost = await metric(daemon, `driftd_log_gap_records_total{topic="${predicted}"}`);
      // How much was fetched before it was gone is for the broker to say.
      expect(lost).toBeGreaterThan(0);
      expect(lost).toBeLessThanOrEqual(400);
      expect(total + (lost ?? 0)).toBe(3_100);
      expect(gaps(daemon)).toEqual([{ topic: predicted, from: 2_400 - (lost ?? 0), to: 2_400 }]);
      expect(await daemon.stop()).toMatchObject({ code: 0 });
    },
  );

  it('does not take the markers of transactions for lost records', async () => {
    const { predicted, store, start, verify } = await begin(
      'ingest: { flush_interval: 1s, chunk_records: 8 }',
    );
    await transact(predicted, ['commit', 'abort', 'commit', 'commit', 'abort']);
    const daemon = await start();
    // Three times five records, five that were taken back twice, and a marker behind each.
    expect(await countedUpTo(store, predicted, 23)).toBe(15);
    await transact(predicted, ['abort', 'commit', 'abort', 'commit']);
    expect(await countedUpTo(store, predicted, 53)).toBe(25);
    expect(await metric(daemon, `driftd_log_gap_records_total{topic="${predicted}"}`)).toBe(0);
    expect(await daemon.stop()).toMatchObject({ code: 0 });
    const chunks = await store.query<{ start: number; from: number; gap: number; end: number }>(
      `SELECT chunk_start AS start, read_from AS from, gap, end_offset AS end
       FROM {database}.progress FINAL ORDER BY chunk_start`,
    );
    expect(chunks.length).toBeGreaterThan(2);
    chunks.forEach(({ from, gap }, i) => {
      expect([from, gap]).toEqual([chunks[i - 1]?.end ?? 0, 0]);
    });
    expect((await verify()).code).toBe(0);
  });
});

/** One transaction after another, of five records each. */
async function transact(topic: string, ends: ReadonlyArray<'commit' | 'abort'>): Promise<void> {
  const kafka = await kafkaClient();
  const producer = kafka.producer({
    transactionalId: randomName('transactions'),
    idempotent: true,
    maxInFlightRequests: 1,
    createPartitioner: Partitioners.DefaultPartitioner,
  });
  await producer.connect();
  for (const end of ends) {
    const transaction = await producer.transaction();
    await transaction.send({ topic, messages: predictions(5) });
    await transaction[end]();
  }
  await producer.disconnect();
}
