import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Admin } from 'kafkajs';
import { saveActivation, saveBaseline } from '../../src/store/baselines.ts';
import { openStore, type Store } from '../../src/store/client.ts';
import { migrate } from '../../src/store/migrate.ts';
import { type ClickHouseServer, startClickHouse } from '../support/clickhouse-server.ts';
import { type HttpSink, startHttpSink } from '../support/http-sink.ts';
import { withAdmin } from '../support/kafka.ts';
import { type KafkaBroker, startBroker } from '../support/kafka-broker.ts';
import { startCluster } from '../support/kafka-cluster.ts';
import { randomName } from '../support/random-name.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import type { TopicNames } from './producers.ts';
import type { Setting } from './schedule.ts';
import { BASELINES, RULES } from './traffic.ts';

/** Brokers, a store server behind a proxy, a receiver and a folder; made once for all schedules. */
export class World {
  readonly folder: string;
  readonly clickhouse: ClickHouseServer;
  readonly proxy: TcpProxy;
  readonly sink: HttpSink;
  readonly #brokers = new Map<boolean, Promise<readonly KafkaBroker[]>>();

  private constructor(folder: string, clickhouse: ClickHouseServer, proxy: TcpProxy, sink: HttpSink) {
    this.folder = folder;
    this.clickhouse = clickhouse;
    this.proxy = proxy;
    this.sink = sink;
  }

  static async make(): Promise<World> {
    const folder = await mkdtemp(join(tmpdir(), 'driftd-faults-'));
    const clickhouse = await startClickHouse();
    const world = new World(folder, clickhouse, await startTcpProxy(clickhouse.port), await startHttpSink());
    await world.write('rules.yaml', RULES);
    return world;
  }

  /** Starts them when they are asked for first. */
  brokers(setting: Setting): Promise<readonly KafkaBroker[]> {
    const several = setting !== 'server';
    const config = { 'group.min.session.timeout.ms': '1000' };
    const running =
      this.#brokers.get(several) ??
      (several
        ? startCluster(3, config).then(({ nodes }) => nodes)
        : startBroker({ config, shortLived: true }).then((broker) => [broker]));
    this.#brokers.set(several, running);
    return running;
  }

  async write(name: string, text: string): Promise<string> {
    const path = join(this.folder, name);
    await writeFile(path, text);
    return path;
  }

  async close(): Promise<void> {
    for (const brokers of this.#brokers.values()) {
      for (const broker of await brokers.catch(() => [])) await broker.stop();
    }
    await Promise.allSettled([this.proxy.stop(), this.clickhouse.stop(), this.sink.stop()]);
    await rm(this.folder, { recursive: true, force: true });
  }
}

export async function createTopics(
  addresses: readonly string[],
  replicationFactor: number,
): Promise<TopicNames> {
  const topics = { predictions: randomName('predictions'), labels: randomName('labels') };
  const wanted = [
    { topic: topics.predictions, numPartitions: 3, replicationFactor },
    { topic: topics.labels, numPartitions: 2, replicationFactor },
  ];
  await persistently(addresses, (admin) => admin.createTopics({ topics: wanted, waitForLeaders: false }));
  // Every broker has to know of them, and some hear of it later.
  for (const address of addresses) {
    await persistently([address], (admin) => admin.fetchTopicMetadata({ topics: Object.values(topics) }));
  }
  return topics;
}

/** Tries until the brokers do it: they may be away just now. */
export async function persistently(
  addresses: readonly string[],
  work: (admin: Admin) => Promise<unknown>,
): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      await withAdmin(work, addresses);
      return;
    } catch (error) {
      if (attempt === 100) throw error;
      await sleep(200);
    }
  }
}

export function openDatabase(url: string, database: string): Promise<Store> {
  return openStore({ url, database, username: 'default', password: '', request_timeout: 30_000 });
}

/** A database with all tables and the baselines. */
export async function prepareDatabase(url: string, database: string): Promise<Store> {
  const store = await openDatabase(url, database);
  await migrate(store);
  for (const { baseline, appliesFrom } of BASELINES) {
    const { id: baselineId, model, version = '' } = baseline;
    await saveBaseline(store, baseline, 'file');
    await saveActivation(store, { model, version, appliesFrom, baselineId, reason: 'test' });
  }
  return store;
}

export interface DaemonConfig {
  /** What stands under `store`. */
  readonly store: string;
  readonly topics: TopicNames;
  readonly addresses: readonly string[];
  readonly sinkUrl: string;
  readonly rules: string;
  readonly port: number;
  readonly sessionTimeout: number | undefined;
}

export function daemonConfig({
  store,
  topics,
  addresses,
  sinkUrl,
  rules,
  port,
  sessionTimeout,
}: DaemonConfig): string {
  return `
store: ${store}
kafka:
  brokers: [${addresses.map((address) => `"${address}"`).join(', ')}]
  group_id: ${randomName('driftd')}
${sessionTimeout === undefined ? '' : `  session_timeout: ${sessionTimeout}ms\n`}  metadata_max_age: 2s
  predictions: { topic: ${topics.predictions} }
  labels: { topic: ${topics.labels} }
ingest: { flush_interval: 400ms, chunk_records: 100, idle_timeout: 1d }
models:
  fraud: { positive: fraud, labels: { delay: 30m } }
  new: { learn: 60 }
rules: ["${rules}"]
receivers:
  - name: team
    webhook_configs: [{ url: "${sinkUrl}/hook" }]
route: { receiver: team, group_by: [alertname], group_wait: 0s, group_interval: 1s, repeat_interval: 1d }
retraining:
  - name: pipeline
    webhook: { url: "${sinkUrl}/retrain", secret: for-tests }
# Links in messages are the same whoever sends them.
http: { port: ${port}, external_url: "http://driftd.test" }
log: { level: ${process.env['DRIFTD_FAULT_LOG'] ?? 'info'} }
`;
}
