import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { Agent, RetryAgent, request } from 'undici';
import { seededRandom } from '../src/base/random.ts';
import { modelPolicies } from '../src/config/model-policies.ts';
import { configSchema } from '../src/config/schema.ts';
import type { PredictionEvent } from '../src/event/events.ts';
import { createBaseline } from '../src/pipeline/create-baseline.ts';
import { type Baseline, sealBaseline } from '../src/profile/baseline.ts';
import { saveActivation, saveBaseline } from '../src/store/baselines.ts';
import { openStore } from '../src/store/client.ts';
import { migrate } from '../src/store/migrate.ts';
import { type KafkaBroker, startBroker } from '../test/support/kafka-broker.ts';
import { type OwnedProcess, startProcess } from '../test/support/owned-process.ts';
import { poll } from '../test/support/poll.ts';
import { readLines } from '../test/support/read-lines.ts';

const REPOSITORY = fileURLToPath(new URL('../', import.meta.url));
export const MODELS = 100;
export const FEATURES = 50;
const CATEGORICAL = 10;
export const PARTITIONS = 4;
const REFERENCE_ROWS = 5_000;
export const TOPIC = 'predictions';

/** A real broker and an embedded store in which many models have baselines. */
export interface ManyModels {
  readonly broker: KafkaBroker;
  /** Writes this many events of all models to the topic, all of the last minutes. */
  produce(events: number): Promise<void>;
  /** Starts `driftd run`, built or from source. */
  start(from: 'dist' | 'source'): Promise<RunningDriftd>;
  close(): Promise<void>;
}

export interface RunningDriftd {
  readonly process: OwnedProcess;
  /** `performance.now()` when the process was started. */
  readonly startedAt: number;
  /** The log so far; `at` is when a line came, in `performance.now()`. */
  readonly log: ReadonlyArray<{ readonly at: number; readonly msg: string; readonly url?: string }>;
  /** What `/metrics` says at one moment: the sum of a metric over its labels; 0 before the server listens. */
  scrape(): Promise<(name: string) => number>;
  metric(name: string): Promise<number>;
  /** Waits until this holds. Fails when driftd ends instead, or after two minutes. */
  until(holds: () => boolean | Promise<boolean>, everyMs?: number): Promise<void>;
}

export async function setManyModels(): Promise<ManyModels> {
  const folder = await mkdtemp(join(tmpdir(), 'driftd-bench-'));
  const broker = await startBroker();
  const started: RunningDriftd[] = [];
  const close = async (): Promise<void> => {
    // Those that a failure has left running: what went wrong shall be told, and not that their folder is in use.
    await Promise.all(started.map((driftd) => driftd.process.kill()));
    await broker.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await fillStore(join(folder, 'data'));
    await createTopic(broker);
    const config = join(folder, 'driftd.yaml');
    await writeFile(config, configText(broker, join(folder, 'data')));
    return {
      broker,
      produce: (events) => produce(broker, events),
      start: async (from) => {
        const driftd = await start(from, config);
        started.push(driftd);
        return driftd;
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function configText({ brokers }: KafkaBroker, data: string): string {
  return `
store: { path: ${data} }
kafka: { brokers: ["${brokers.join('", "')}"], predictions: { topic: ${TOPIC} } }
rules: ["${REPOSITORY}rules/default.yaml"]
http: { port: 0 }
log: { level: debug }
`;
}

async function fillStore(path: string): Promise<void> {
  const template = await baselineOf('model-0');
  const store = await openStore({ path, database: 'driftd' });
  try {
    await migrate(store);
    for (let i = 0; i < MODELS; i += 1) {
      const baseline = sealBaseline({ ...template, model: `model-${i}` });
      await saveBaseline(store, baseline, 'file');
      await saveActivation(store, {
        model: baseline.model,
        version: '',
        appliesFrom: 0,
        baselineId: baseline.id,
        reason: 'bench',
      });
    }
  } finally {
    await store.close();
  }
}

async function baselineOf(model: string): Promise<Baseline> {
  const rows = async function* () {
    for (const value of events(REFERENCE_ROWS, Date.now() - 7 * 86_400_000, 60_000)) {
      yield { place: 'made up', outcome: { kind: 'ok', value: { ...value, model } } as const };
    }
  };
  const policy = modelPolicies(configSchema.parse({}))(model);
  const { baseline } = await createBaseline(rows, { model, version: undefined, policy });
  return baseline;
}

function* events(count: number, start: number, step: number): Generator<PredictionEvent> {
  const random = seededRandom(1);
  for (let i = 0; i < count; i += 1) {
    const features: Record<string, number | string> = {};
    for (let f = 0; f < FEATURES; f += 1) {
      features[`feature_${f}`] =
        f < CATEGORICAL ? `c${Math.floor(random() * 20)}` : Math.round(random() * 1e6) / 100;
    }
    yield {
      kind: 'prediction',
      model: `model-${i % MODELS}`,
      version: '1',
      timestamp: start + i * step,
      predictionId: undefined,
      features,
      prediction: random() < 0.1 ? 'yes' : 'no',
      score: random(),
      label: undefined,
    };
  }
}

function clientOf({ brokers }: KafkaBroker): Kafka {
  return new Kafka({ clientId: 'driftd-bench', brokers, logLevel: logLevel.NOTHING });
}

async function createTopic(broker: KafkaBroker): Promise<void> {
  const admin = clientOf(broker).admin();
  await admin.connect();
  await admin.createTopics({ waitForLeaders: true, topics: [{ topic: TOPIC, numPartitions: PARTITIONS }] });
  await admin.disconnect();
}

async function produce(broker: KafkaBroker, count: number): Promise<void> {
  const producer = clientOf(broker).producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  const span = 5 * 60_000;
  const messages = Array.from(events(count, Date.now() - span, span / count), ({ kind: _, ...event }) => ({
    key: event.model,
    value: JSON.stringify(event),
    timestamp: String(event.timestamp),
  }));
  for (let from = 0; from < messages.length; from += 2_000) {
    await producer.send({ topic: TOPIC, messages: messages.slice(from, from + 2_000) });
  }
  await producer.disconnect();
}

/** Sums of metrics over their labels. */
function sumsIn(text: string): (name: string) => number {
  return (name) => {
    const values = text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (.+)$`, 'gm'));
    return [...values].reduce((sum, [, value]) => sum + Number(value), 0);
  };
}

async function start(from: 'dist' | 'source', config: string): Promise<RunningDriftd> {
  const program = from === 'dist' ? ['dist/main.js'] : ['--import', 'tsx', 'src/main.ts'];
  const startedAt = performance.now();
  const started = await startProcess(process.execPath, [...program, 'run', '--config', config], {
    cwd: REPOSITORY,
  });
  const log: Array<{ at: number; msg: string; url?: string }> = [];
  readLines(started.stderr, (line) => {
    const at = performance.now();
    try {
      log.push({ at, ...(JSON.parse(line) as { msg: string }) });
    } catch {
      console.error(line);
    }
  });
  started.stdout.resume();
  let gone = false;
  void started.exited.then(() => {
    gone = true;
  });
  // A connection that stays: a busy server takes its time to accept another. It may also close one just when it is used.
  const dispatcher = new RetryAgent(new Agent());
  const scrape = async (): Promise<(name: string) => number> => {
    const url = log.find((line) => line.url !== undefined)?.url;
    if (url === undefined) return () => 0;
    const { body } = await request(`${url}/metrics`, { dispatcher });
    return sumsIn(await body.text());
  };
  return {
    process: started,
    startedAt,
    log,
    scrape,
    metric: async (name) => (await scrape())(name),
    until: async (holds, everyMs = 20) => {
      const ask = async (): Promise<true | undefined> => {
        if (gone) throw new Error(`driftd ended:\n${log.map(({ msg }) => msg).join('\n')}`);
        return (await holds()) || undefined;
      };
      await poll(ask, { timeoutMs: 120_000, everyMs, what: 'sign from driftd' });
    },
  };
}
