import { get } from 'node:http';
import { text } from 'node:stream/consumers';
import { type Admin, Kafka, logLevel, type Message, Partitioners } from 'kafkajs';
import { beforeAll, describe, inject, it } from 'vitest';
import { HOW_TO_GET_KAFKA } from './kafka-jars.ts';
import './kafka-source.ts';

export { randomName } from './random-name.ts';

/** The first test of a machine may have to wait for the download of Kafka itself. */
const FIRST_START_MS = 600_000;

/** Messages a request; keeps the requests under the broker's limits with any realistic message. */
const SEND_BATCH = 5_000;

/** `describe` for tests that use the shared broker. Where there is no Kafka they are skipped, or fail (see below). */
export function describeWithKafka(name: string, body: () => void): void {
  if (inject('kafka').shared.kind === 'missing') {
    withoutKafka(name, body);
    return;
  }
  describe(name, () => {
    beforeAll(async () => {
      await kafkaBrokers();
    }, FIRST_START_MS);
    body();
  });
}

/** `describe` for tests that stop, kill and restart a broker: they start their own with `startBroker`. */
export function describeWithOwnBroker(name: string, body: () => void): void {
  if (inject('kafka').own) describe(name, { timeout: FIRST_START_MS }, body);
  else withoutKafka(name, body);
}

/** A skip is right on a laptop without Java; where DRIFTD_REQUIRE_KAFKA=1 is set it would hide that nothing was tested. */
function withoutKafka(name: string, body: () => void): void {
  if (process.env['DRIFTD_REQUIRE_KAFKA'] !== '1') {
    describe.skip(name, body);
    return;
  }
  describe(name, () => {
    it('has the Kafka broker that DRIFTD_REQUIRE_KAFKA=1 demands', () => {
      throw new Error(`There is no Kafka broker here: ${HOW_TO_GET_KAFKA}.`);
    });
  });
}

let brokers: Promise<string[]> | undefined;

/** Addresses of the shared broker, which the first caller of a run starts. */
export function kafkaBrokers(): Promise<string[]> {
  brokers ??= findBrokers();
  return brokers;
}

async function findBrokers(): Promise<string[]> {
  const { shared } = inject('kafka');
  if (shared.kind === 'given') return [...shared.brokers];
  if (shared.kind === 'missing') throw new Error(`There is no Kafka broker here: ${HOW_TO_GET_KAFKA}.`);
  const [status, body] = await new Promise<[number | undefined, string]>((resolve, reject) => {
    get({ host: '127.0.0.1', port: shared.port }, (response) => {
      text(response).then((answer) => resolve([response.statusCode, answer]), reject);
    }).once('error', reject);
  });
  if (status !== 200) throw new Error(body);
  return JSON.parse(body) as string[];
}

/** A kafkajs client that keeps quiet. `from` are the brokers, the shared ones when left out. */
export async function kafkaClient(from?: readonly string[]): Promise<Kafka> {
  return new Kafka({
    clientId: 'driftd-test',
    brokers: [...(from ?? (await kafkaBrokers()))],
    logLevel: logLevel.NOTHING,
  });
}

/** Runs `work` with an admin client, on the shared broker unless told otherwise. */
export async function withAdmin<T>(work: (admin: Admin) => Promise<T>, from?: readonly string[]): Promise<T> {
  const admin = (await kafkaClient(from)).admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}

/** Creates a topic and waits until its partitions have leaders. */
export async function createTopic(name: string, partitions = 1, from?: readonly string[]): Promise<void> {
  await withAdmin(
    (admin) =>
      admin.createTopics({ waitForLeaders: true, topics: [{ topic: name, numPartitions: partitions }] }),
    from,
  );
}

/** Writes messages in order, and returns when the broker has them all. */
export async function produce(
  topic: string,
  messages: readonly Message[],
  from?: readonly string[],
): Promise<void> {
  const producer = (await kafkaClient(from)).producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  try {
    for (let start = 0; start < messages.length; start += SEND_BATCH) {
      await producer.send({ topic, messages: messages.slice(start, start + SEND_BATCH) });
    }
  } finally {
    await producer.disconnect();
  }
}
