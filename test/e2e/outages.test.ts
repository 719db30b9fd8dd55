import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTraffic } from '../../src/cli/demo/traffic.ts';
import type { Store } from '../../src/store/client.ts';
import { type Daemon, startDaemon } from '../support/daemon.ts';
import {
  createTopic,
  describeWithKafka,
  describeWithOwnBroker,
  kafkaBrokers,
  produce,
} from '../support/kafka.ts';
import { startBroker } from '../support/kafka-broker.ts';
import { poll } from '../support/poll.ts';
import { randomName } from '../support/random-name.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { configText, RETRAIN_SECRET, RULES, type Scene, setScene } from './scene.ts';

const ENV = { RETRAIN_SECRET };
const NOW = Date.now();

/** A quarter of an hour of predictions that ends now. */
function messages(count: number): Array<{ value: string; timestamp: string }> {
  const traffic = createTraffic({
    count,
    start: NOW - 900_000,
    duration: 900_000,
    faults: [],
    neverLabelled: 1,
  });
  return Array.from(traffic.events(), ({ value, timestamp }) => ({ value, timestamp: String(timestamp) }));
}

async function health(daemon: Daemon): Promise<{ live: number; ready: number; text: string }> {
  const { url } = (await daemon.waitForLog(({ msg }) => msg === 'driftd listens')) as unknown as {
    url: string;
  };
  const [live, ready] = await Promise.all([fetch(`${url}/livez`), fetch(`${url}/readyz`)]);
  return { live: live.status, ready: ready.status, text: await ready.text() };
}

async function residentMegabytes(daemon: Daemon): Promise<number> {
  const { url } = (await daemon.waitForLog(({ msg }) => msg === 'driftd listens')) as unknown as {
    url: string;
  };
  const text = await (await fetch(`${url}/metrics`)).text();
  return Math.round(Number(/^process_resident_memory_bytes (\d+)/m.exec(text)?.[1]) / 1_048_576);
}

async function becomesReady(daemon: Daemon, timeoutMs = 60_000): Promise<void> {
  await poll(async () => ((await health(daemon)).ready === 200 ? true : undefined), {
    timeoutMs,
    what: 'a ready driftd',
  });
}

async function counted(store: Store): Promise<number> {
  const rows = await store
    .query<{ events: number }>(
      `SELECT sum(n + missing + invalid) AS events FROM {database}.profile_parts FINAL WHERE feature = '__prediction__'`,
    )
    .catch(() => []);
  return rows[0]?.events ?? 0;
}

/** A topic, a model with a baseline, and a configuration that reaches the store at `storeUrl`. */
async function begin(
  scene: Scene,
  storeUrl: string,
  brokers?: readonly string[],
): Promise<{ topic: string; store: Store; config: string }> {
  const topic = randomName('predictions');
  const database = randomName('outage');
  await createTopic(topic, 2, brokers);
  const text = configText({
    storeUrl: scene.clickhouse.url,
    database,
    brokers: brokers ?? (await kafkaBrokers()),
    predictions: topic,
    sinkUrl: scene.sink.url,
    rules: `${scene.folder}/rules.yaml`,
    more: 'ingest: { flush_interval: 1s, chunk_records: 3000 }',
  });
  const direct = await scene.write(`${database}-direct.yaml`, text);
  const traffic = createTraffic({ count: 2_000, start: NOW - 900_000, duration: 900_000, faults: [] });
  const reference = Array.from(traffic.reference(2_000), ({ kind: _, predictionId: __, ...event }) =>
    JSON.stringify(event),
  );
  const file = await scene.write('reference.ndjson', reference.join('\n'));
  const created = await startDaemon(['baseline', 'create', file, '--config', direct, '--model', 'fraud'], {
    env: ENV,
  });
  expect(await created.exited, created.stderr.join('\n')).toMatchObject({ code: 0 });
  const config = await scene.write(`${database}.yaml`, text.replace(scene.clickhouse.url, storeUrl));
  return { topic, store: await scene.open(database), config };
}

/** Lines that say that driftd waits for something; one is wanted for each outage, however long. */
function waits(daemon: Daemon, dependency: string): string[] {
  return daemon.logs.flatMap((line) =>
    line['dependency'] === dependency && line.msg.startsWith('waiting') ? [line.msg] : [],
  );
}

describeWithKafka('a driftd whose store goes away', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await setScene();
    await scene.write('rules.yaml', RULES);
  });
  afterAll(async () => {
    await scene?.close();
  });

  it('waits for a store that hangs for a minute, at the same size and in the group, and then has every event once', async () => {
    const proxy = await startTcpProxy(scene.clickhouse.port);
    const { topic, store, config } = await begin(scene, `http://127.0.0.1:${proxy.port}`);
    const all = messages(108_000);
    await produce(topic, all.slice(0, 8_000));
    const daemon = await startDaemon(['run', '--config', config], { env: ENV });
    await poll(async () => ((await counted(store)) === 8_000 ? true : undefined), {
      timeoutMs: 60_000,
      what: 'the first part',
    });
    expect(await health(daemon)).toMatchObject({ live: 200, ready: 200 });

    await proxy.setMode('hang');
    const end = performance.now() + 60_000;
    // Some seventy megabytes, which driftd must leave at the broker.
    const producing = produce(topic, all.slice(8_000));
    const sizes: number[] = [];
    while (performance.now() < end) {
      sizes.push(await residentMegabytes(daemon));
      await sleep(2_000);
    }
    await producing;
    expect(await health(daemon)).toMatchObject({
      live: 200,
      ready: 503,
      text: expect.stringContaining('cannot reach the store'),
    });
    await proxy.setMode('pass');
    expect(Math.max(...sizes) - (sizes[0] ?? 0), `resident megabytes: ${sizes.join(' ')}`).toBeLessThan(50);

    await poll(async () => ((await counted(store)) === 108_000 ? true : undefined), {
      timeoutMs: 120_000,
      what: 'every event',
    });
    await becomesReady(daemon);
    expect(waits(daemon, 'store')).toHaveLength(1);
    // Heartbeats went on, so the group was joined once.
    expect(daemon.logs.filter(({ msg }) => msg === 'joined the consumer group')).toHaveLength(1);
    expect(await daemon.stop()).toMatchObject({ code: 0 });
    expect(await counted(store)).toBe(108_000);
    await proxy.stop();
  }, 300_000);

  it('loses and doubles nothing when answers are lost after the store has written', async () => {
    const proxy = await startTcpProxy(scene.clickhouse.port);
    const { topic, store, config } = await begin(scene, `http://127.0.0.1:${proxy.port}`);
    await produce(topic, messages(12_000));
    const limited = await scene.write(
      'limited.yaml',
      (await readFile(config, 'utf8')).replace(', database:', ', request_timeout: 2s, database:'),
    );
    const daemon = await startDaemon(['run', '--config', limited], { env: ENV });
    await poll(async () => ((await counted(store)) > 0 ? true : undefined), {
      timeoutMs: 60_000,
      what: 'some events',
    });
    await proxy.setMode('drop-answers');
    await sleep(6_000);
    await proxy.setMode('pass');
    await poll(async () => ((await counted(store)) >= 12_000 ? true : undefined), {
      timeoutMs: 60_000,
      what: 'every event',
    });
    await daemon.stop();
    expect(await counted(store)).toBe(12_000);
    await proxy.stop();
  }, 240_000);

  it('waits for a store that is not there yet when it starts', async () => {
    const proxy = await startTcpProxy(scene.clickhouse.port);
    await proxy.setMode('refuse');
    const { topic, store, config } = await begin(scene, `http://127.0.0.1:${proxy.port}`);
    await produce(topic, messages(5_000));
    const daemon = await startDaemon(['run', '--config', config], { env: ENV });
    await daemon.waitForLog(({ msg }) => msg.startsWith('waiting for store'));
    await sleep(3_000);
    expect(await health(daemon)).toMatchObject({ live: 200, ready: 503 });
    await proxy.setMode('pass');
    await poll(async () => ((await counted(store)) === 5_000 ? true : undefined), {
      timeoutMs: 60_000,
      what: 'every event',
    });
    expect(waits(daemon, 'store')).toHaveLength(1);
    await becomesReady(daemon);
    await daemon.stop();
    await proxy.stop();
  }, 180_000);
});

describeWithOwnBroker('a driftd whose broker goes away', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await setScene();
    await scene.write('rules.yaml', RULES);
  });
  afterAll(async () => {
    await scene?.close();
  });

  it('waits for it at the start and in the middle, says so once each time, and has every event once', async () => {
    const broker = await startBroker();
    try {
      const { topic, store, config } = await begin(scene, scene.clickhouse.url, broker.brokers);
      const all = messages(12_000);
      await produce(topic, all.slice(0, 6_000), broker.brokers);
      await broker.kill();

      const daemon = await startDaemon(['run', '--config', config], { env: ENV });
      await daemon.waitForLog(({ msg }) => msg.startsWith('waiting for kafka'));
      await sleep(5_000);
      expect(await health(daemon)).toMatchObject({ live: 200, ready: 503 });
      await broker.restart();
      await poll(async () => ((await counted(store)) === 6_000 ? true : undefined), {
        timeoutMs: 90_000,
        what: 'the first part',
      });
      await becomesReady(daemon);
      expect(waits(daemon, 'kafka')).toHaveLength(1);

      await broker.kill();
      await poll(async () => ((await health(daemon)).ready === 503 ? true : undefined), {
        timeoutMs: 60_000,
        what: 'a red /readyz',
      });
      expect((await health(daemon)).live).toBe(200);
      await broker.restart();
      await produce(topic, all.slice(6_000), broker.brokers);
      await poll(async () => ((await counted(store)) === 12_000 ? true : undefined), {
        timeoutMs: 90_000,
        what: 'every event',
      });
      expect(waits(daemon, 'kafka')).toHaveLength(2);
      expect(await daemon.stop()).toMatchObject({ code: 0 });
      expect(await counted(store)).toBe(12_000);
    } finally {
      await broker.stop();
    }
  }, 300_000);
});
