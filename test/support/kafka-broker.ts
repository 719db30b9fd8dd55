import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Kafka, logLevel } from 'kafkajs';
import { freePort } from './free-port.ts';
import { javaCommand, kafkaJars } from './kafka-jars.ts';
import { type OwnedProcess, startProcess } from './owned-process.ts';
import { poll } from './poll.ts';
import { readLines } from './read-lines.ts';

export { KAFKA_VERSION } from './kafka-jars.ts';

const run = promisify(execFile);

const START_TIMEOUT_MS = 90_000;

/** Time for the broker to close its logs; it never needs more than a second or two. */
const GRACE_MS = 15_000;

/** A real Apache Kafka broker and controller in one process, on 127.0.0.1. */
export interface KafkaBroker {
  readonly brokers: string[];
  readonly port: number;
  /** Ends the broker and deletes its data. May be called twice. */
  stop(): Promise<void>;
  /** SIGKILL: the data stays, and `restart` brings the broker back. */
  kill(): Promise<void>;
  /** Starts the broker again, after a clean stop when it still runs, with its data and on its port. */
  restart(): Promise<void>;
}

export interface KafkaBrokerOptions {
  /** A free one when left out. */
  readonly port?: number;
  /** For a broker that is one of several. */
  readonly clusterId?: string;
  /** Takes half of the processor time for its start, and cannot do as much afterwards. */
  readonly shortLived?: boolean;
  /** Further lines of server.properties; they win over the ones below. */
  readonly config?: Readonly<Record<string, string>>;
  /** Listeners beside the open one at `port`: their security protocol and port, by name in capitals. */
  readonly listeners?: Readonly<Record<string, { readonly protocol: string; readonly port: number }>>;
  /** Users to begin with, as `SCRAM-SHA-256=[name=ada,password=secret]`. */
  readonly scram?: readonly string[];
}

/**
 * Starts a broker and waits until it answers. The first call on a machine downloads Kafka. The broker dies with the
 * process that started it, and its data with it.
 */
export async function startBroker(options: KafkaBrokerOptions = {}): Promise<KafkaBroker> {
  const jars = await kafkaJars();
  const port = options.port ?? (await freePort());
  const folder = await mkdtemp(join(tmpdir(), 'driftd-kafka-'));
  const removeFolder = (): Promise<void> => rm(folder, { recursive: true, force: true });
  let broker: OwnedProcess;
  try {
    await format(jars, folder, port, options);
    broker = await startServer(jars, folder, port, options);
  } catch (error) {
    await removeFolder();
    throw error;
  }
  return {
    brokers: [`127.0.0.1:${port}`],
    port,
    stop: async () => {
      await broker.kill();
      await removeFolder();
    },
    kill: async () => {
      await broker.kill();
    },
    restart: async () => {
      await broker.stop(GRACE_MS);
      broker = await startServer(jars, folder, port, options);
    },
  };
}

async function format(
  jars: string,
  folder: string,
  port: number,
  options: KafkaBrokerOptions,
): Promise<void> {
  const properties = serverProperties(folder, port, await freePort(), options);
  await writeFile(join(folder, 'server.properties'), properties);
  await writeFile(join(folder, 'log4j2.properties'), LOGGING);
  await run(javaCommand(), [
    ...QUICK_START,
    ...javaOptions(jars, folder),
    'kafka.tools.StorageTool',
    ...['format', '--cluster-id', options.clusterId ?? randomUUID()],
    ...['--config', join(folder, 'server.properties')],
    ...(options.scram ?? []).flatMap((user) => ['--add-scram', user]),
  ]);
}

async function startServer(
  jars: string,
  folder: string,
  port: number,
  { shortLived = false }: KafkaBrokerOptions,
): Promise<OwnedProcess> {
  const args = [
    ...(shortLived ? QUICK_START : []),
    ...javaOptions(jars, folder),
    'kafka.Kafka',
    join(folder, 'server.properties'),
  ];
  const server = await startProcess(javaCommand(), args, { temporary: [folder] });
  const lastLines: string[] = [];
  const remember = (line: string): void => {
    lastLines.push(line);
    if (lastLines.length > 40) lastLines.shift();
  };
  readLines(server.stdout, remember);
  readLines(server.stderr, remember);
  let gone = false;
  void server.exited.then(() => {
    gone = true;
  });
  try {
    await poll(
      async () => {
        if (gone) throw new Error('the broker ended while it started');
        return (await answers(port)) ? true : undefined;
      },
      { timeoutMs: START_TIMEOUT_MS, everyMs: 100, what: 'answer from the Kafka broker' },
    );
  } catch (error) {
    await server.kill();
    throw new Error(`Kafka did not start; its last words:\n${lastLines.join('\n')}`, { cause: error });
  }
  return server;
}

async function answers(port: number): Promise<boolean> {
  const admin = new Kafka({
    brokers: [`127.0.0.1:${port}`],
    logLevel: logLevel.NOTHING,
    connectionTimeout: 2_000,
    retry: { retries: 0 },
  }).admin();
  try {
    await admin.connect();
    return (await admin.describeCluster()).brokers.length > 0;
  } catch {
    return false;
  } finally {
    await admin.disconnect();
  }
}

/** The second compiler pays after a minute or so. */
const QUICK_START = ['-XX:TieredStopAtLevel=1'];

function javaOptions(jars: string, folder: string): string[] {
  return [
    '-Xmx512m',
    '-XX:+UseSerialGC',
    `-Dlog4j2.configurationFile=${join(folder, 'log4j2.properties')}`,
    ...['-cp', join(jars, '*')],
  ];
}

function serverProperties(
  folder: string,
  port: number,
  controllerPort: number,
  { config = {}, listeners = {} }: KafkaBrokerOptions,
): string {
  const own = { PLAINTEXT: { protocol: 'PLAINTEXT', port }, ...listeners };
  const addresses = Object.entries(own).map(([name, at]) => `${name}://127.0.0.1:${at.port}`);
  const protocols = Object.entries(own).map(([name, { protocol }]) => `${name}:${protocol}`);
  const settings: Record<string, string> = {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    'controller.listener.names': 'CONTROLLER',
    listeners: [...addresses, `CONTROLLER://127.0.0.1:${controllerPort}`].join(','),
    'advertised.listeners': addresses.join(','),
    'listener.security.protocol.map': [...protocols, 'CONTROLLER:PLAINTEXT'].join(','),
    'log.dirs': join(folder, 'data'),
    'auto.create.topics.enable': 'false',
    'offsets.topic.replication.factor': '1',
    'offsets.topic.num.partitions': '4',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'share.coordinator.state.topic.replication.factor': '1',
    'share.coordinator.state.topic.min.isr': '1',
    'group.initial.rebalance.delay.ms': '0',
    // After a SIGKILL the controller lets the broker back in only once the old session has ended.
    'broker.heartbeat.interval.ms': '500',
    'broker.session.timeout.ms': '4000',
    // Large enough for the oversized messages that driftd itself must refuse.
    'message.max.bytes': String(16 * 1024 * 1024),
    ...config,
  };
  return Object.entries(settings)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}

const LOGGING = `status = error
appender.out.type = Console
appender.out.name = out
appender.out.layout.type = PatternLayout
appender.out.layout.pattern = %p %m (%c{1})%n
rootLogger.level = warn
rootLogger.appenderRef.out.ref = out
`;
