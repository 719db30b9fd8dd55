import { setTimeout as sleep } from 'node:timers/promises';
import { Kafka, logLevel, Partitioners, type Producer, type Transaction } from 'kafkajs';
import { type Random, seededRandom } from '../../src/base/random.ts';
import { randomName } from '../support/random-name.ts';
import { between } from './schedule.ts';
import type { TrafficRecord } from './traffic.ts';

/** What is known of a record: `unknown` when the broker went away in the middle of it. */
export type Fate = 'committed' | 'aborted' | 'unknown';

export interface TopicNames {
  readonly predictions: string;
  readonly labels: string;
}

/** How many transactions are open at the same time. */
const WRITERS = 2;

interface OpenTransaction {
  readonly transaction: Transaction;
  /** What the broker has taken of it. */
  readonly ids: string[];
  ticksLeft: number;
}

/**
 * Writes traffic as several producers would: one by itself, the others in transactions that overlap, last for some ticks
 * and are taken back one time in three. It stays with a partition for as long as a record takes, so what is in one partition
 * stays in order.
 */
export class Producers {
  readonly fates = new Map<string, Fate>();
  readonly #brokers: readonly string[];
  readonly #topics: TopicNames;
  readonly #random: Random;
  readonly #open: Array<OpenTransaction | undefined> = [];
  readonly #transactional: Array<Producer | undefined> = [];
  #plain: Producer | undefined;
  #partitions = new Map<string, number>();

  constructor(seed: number, brokers: readonly string[], topics: TopicNames) {
    this.#brokers = brokers;
    this.#topics = topics;
    this.#random = seededRandom(seed * 31 + 5);
  }

  /** To be called when partitions were added: kafkajs drops what goes to those that it does not know. */
  forgetPartitions(): void {
    this.#partitions = new Map();
  }

  async write(records: readonly TrafficRecord[]): Promise<void> {
    if (this.#partitions.size === 0) await this.#connect();
    for (let writer = 0; writer < WRITERS; writer += 1) await this.#tend(writer);
    const shares = new Map<number, TrafficRecord[]>();
    for (const record of records) {
      // Runs of records, so that batches are not of one record each.
      const by = this.#random() < 0.6 ? WRITERS : between(this.#random, 0, WRITERS - 1);
      shares.set(by, [...(shares.get(by) ?? []), record]);
    }
    for (const [by, share] of shares) await this.#send(this.#open[by], share);
  }

  /** Ends what is open, and writes one record into each partition. */
  async close(closing: (topic: 'predictions' | 'labels') => TrafficRecord): Promise<void> {
    for (let writer = 0; writer < WRITERS; writer += 1) await this.#end(writer);
    await this.#connect();
    for (const topic of ['predictions', 'labels'] as const) {
      const count = this.#partitions.get(topic) ?? 0;
      for (let partition = 0; partition < count; partition += 1) {
        await this.#sendTo(undefined, topic, partition, [closing(topic)]);
      }
    }
    await this.disconnect();
  }

  async disconnect(): Promise<void> {
    await Promise.allSettled([this.#plain, ...this.#transactional].map((producer) => producer?.disconnect()));
    this.#plain = undefined;
    this.#transactional.fill(undefined);
    this.#open.fill(undefined);
  }

  async #send(open: OpenTransaction | undefined, records: readonly TrafficRecord[]): Promise<void> {
    for (const topic of ['predictions', 'labels'] as const) {
      const count = this.#partitions.get(topic) ?? 1;
      const shares = new Map<number, TrafficRecord[]>();
      for (const record of records.filter((other) => other.topic === topic)) {
        const partition = between(this.#random, 0, count - 1);
        shares.set(partition, [...(shares.get(partition) ?? []), record]);
      }
      for (const [partition, share] of shares) await this.#sendTo(open, topic, partition, share);
    }
  }

  async #sendTo(
    open: OpenTransaction | undefined,
    topic: 'predictions' | 'labels',
    partition: number,
    records: readonly TrafficRecord[],
  ): Promise<void> {
    const ids = records.flatMap(({ id }) => (id === '' ? [] : [id]));
    const messages = records.map(({ value, timestamp }) => ({
      value,
      partition,
      timestamp: String(timestamp),
    }));
    for (const id of ids) this.fates.set(id, 'unknown');
    try {
      await (open?.transaction ?? (this.#plain as Producer)).send({ topic: this.#topics[topic], messages });
      if (open === undefined) for (const id of ids) this.fates.set(id, 'committed');
      else open.ids.push(...ids);
    } catch {
      // Its producer may be of no use any more. What became of the records, the log will say.
      this.forgetPartitions();
    }
  }

  /** Ends a transaction that has lasted long enough, and begins the next one. */
  async #tend(writer: number): Promise<void> {
    const open = this.#open[writer];
    if (open !== undefined && open.ticksLeft > 0) {
      open.ticksLeft -= 1;
      return;
    }
    await this.#end(writer);
    try {
      const transaction = await this.#transactional[writer]?.transaction();
      this.#open[writer] = transaction && { transaction, ids: [], ticksLeft: between(this.#random, 0, 3) };
    } catch {
      this.forgetPartitions();
    }
  }

  async #end(writer: number): Promise<void> {
    const open = this.#open[writer];
    if (open === undefined) return;
    this.#open[writer] = undefined;
    const commits = this.#random() < 0.67;
    try {
      await (commits ? open.transaction.commit() : open.transaction.abort());
      for (const id of open.ids) this.fates.set(id, commits ? 'committed' : 'aborted');
    } catch {
      this.forgetPartitions();
    }
  }

  /** Connects all producers anew, which ends the transactions that were left open, and learns of all partitions. */
  async #connect(): Promise<void> {
    for (let writer = 0; writer < WRITERS; writer += 1) await this.#end(writer);
    for (;;) {
      await this.disconnect();
      try {
        await this.#connectOnce();
        return;
      } catch {
        await sleep(200);
      }
    }
  }

  async #connectOnce(): Promise<void> {
    const kafka = new Kafka({
      clientId: 'driftd-faults',
      brokers: [...this.#brokers],
      logLevel: logLevel.NOTHING,
      connectionTimeout: 1_000,
      requestTimeout: 5_000,
      retry: { retries: 30, initialRetryTime: 100, maxRetryTime: 1_000 },
    });
    const common = {
      idempotent: true,
      maxInFlightRequests: 1,
      createPartitioner: Partitioners.DefaultPartitioner,
    };
    const admin = kafka.admin();
    try {
      await admin.connect();
      const { topics } = await admin.fetchTopicMetadata({
        topics: [this.#topics.predictions, this.#topics.labels],
      });
      this.#plain = kafka.producer(common);
      await this.#plain.connect();
      for (let writer = 0; writer < WRITERS; writer += 1) {
        const producer = kafka.producer({ ...common, transactionalId: this.#transactionalIds[writer] ?? '' });
        await producer.connect();
        this.#transactional[writer] = producer;
      }
      for (const topic of ['predictions', 'labels'] as const) {
        const found = topics.find(({ name }) => name === this.#topics[topic]);
        this.#partitions.set(topic, found?.partitions.length ?? 0);
      }
    } finally {
      await admin.disconnect();
    }
  }

  readonly #transactionalIds = Array.from({ length: WRITERS }, () => randomName('faults'));
}
