import { setImmediate as breathe, setTimeout as sleep } from 'node:timers/promises';
import { type Consumer, type EachBatchPayload, Kafka } from 'kafkajs';
import type { Logger } from 'pino';
import type { Availability } from '../../base/availability.ts';
import { DriftdError, messageOf } from '../../base/errors.ts';
import { type Backoff, backoffDelay } from '../../base/retry.ts';
import type { Lease } from '../record.ts';
import { Assignment, type Held, type PartitionHandler } from './assignment.ts';
import { kafkaClientConfig } from './client-config.ts';
import { registerCodecs } from './codecs/register-codecs.ts';
import { installFetchDecoder } from './fetch-decoder.ts';
import { kafkaError } from './kafka-errors.ts';
import type { KafkaOptions } from './options.ts';
import { recordBatch } from './record-batch.ts';

const SESSION_TIMEOUT = 30_000;
const HEARTBEAT_INTERVAL = 3_000;
/** An idle fetch waits this long at the broker; also how soon a resumed partition is noticed. */
const FETCH_WAIT = 500;
/** Without an answer to a fetch for this long, the broker counts as gone. */
const SILENCE = 10_000;

export interface KafkaSourcePorts {
  readonly logger: Logger;
  readonly availability: Availability;
  readonly backoff: Backoff;
  /** Makes the handler of a partition; called with its first batch in each generation of the group. */
  readonly open: (topic: string, partition: number, lease: Lease) => PartitionHandler;
  /**
   * The group's committed offset of a partition (undefined when there is none), where its log begins, and up to where it was
   * counted before (undefined when nothing of it was).
   */
  readonly position: (
    topic: string,
    partition: number,
  ) => Promise<{ committed: number | undefined; low: number; counted: number | undefined }>;
  /** Where the logs end now; partitions that hold nothing may be left out. Asked once, for `from: latest`. */
  readonly logEnds: () => Promise<
    ReadonlyArray<{ readonly topic: string; readonly partition: number; readonly end: number }>
  >;
  readonly onAssigned: (partitions: Readonly<Record<string, readonly number[]>>) => void;
}

export interface KafkaSource {
  /** Resolves when the source was stopped, rejects when it cannot go on. */
  readonly done: Promise<void>;
  handlers(): PartitionHandler[];
  /** Stores what is counted, leaves the group and ends; gives up on a store or a broker that does not answer in time. */
  stop(deadline: number): Promise<void>;
}

/** Reads topics as a member of a consumer group. Outages are waited out; only a refusal by the cluster ends it. */
export function startKafkaSource(options: KafkaOptions, ports: KafkaSourcePorts): KafkaSource {
  registerCodecs();
  installFetchDecoder();
  const stopping = new AbortController();
  const sessions = new KafkaSessions(options, ports, stopping.signal);
  const done = sessions.run();
  // Whoever awaits `done` hears of it; nobody else has to.
  done.catch(() => undefined);
  return {
    done,
    handlers: () => sessions.assignment.all().map((held) => held.handler),
    stop: async (deadline) => {
      await sessions.close(deadline, () => stopping.abort(new Error('driftd stops')));
      await done.catch(() => undefined);
    },
  };
}

class KafkaSessions {
  readonly #options: KafkaOptions;
  readonly #ports: KafkaSourcePorts;
  readonly #signal: AbortSignal;
  readonly assignment: Assignment;
  #consumer: Consumer | undefined;
  #fail: ((error: unknown) => void) | undefined;
  #assigned: Readonly<Record<string, readonly number[]>> = {};
  /** Where the logs ended when driftd began, for `from: latest`. */
  #ends: Awaited<ReturnType<KafkaSourcePorts['logEnds']>> | undefined;
  #lastAnswer = 0;
  #busy = 0;

  constructor(options: KafkaOptions, ports: KafkaSourcePorts, signal: AbortSignal) {
    this.#options = options;
    this.#ports = ports;
    this.#signal = signal;
    this.assignment = new Assignment((topic, partition, stop) => this.#hold(topic, partition, stop));
  }

  async run(): Promise<void> {
    for (let attempt = 0; !this.#signal.aborted; ) {
      const begun = Date.now();
      try {
        await this.#session();
      } catch (error) {
        const known = kafkaError(error, this.#options.brokers);
        if (!known.retryable) throw known;
        this.#ports.availability.down(known);
        // A session that held for a while was no failed attempt to connect.
        attempt = Date.now() - begun > 60_000 ? 0 : attempt + 1;
        await sleep(backoffDelay(this.#ports.backoff, attempt), undefined, { signal: this.#signal }).catch(
          () => undefined,
        );
      }
    }
  }

  /** One consumer from connect to crash. */
  async #session(): Promise<void> {
    const { group_id: groupId, from } = this.#options;
    const kafka = new Kafka(kafkaClientConfig(this.#options, this.#ports.logger));
    const consumer = kafka.consumer({
      groupId,
      sessionTimeout: SESSION_TIMEOUT,
      heartbeatInterval: HEARTBEAT_INTERVAL,
      rebalanceTimeout: 60_000,
      maxWaitTimeInMs: FETCH_WAIT,
      maxBytesPerPartition: 1024 * 1024,
      maxBytes: 8 * 1024 * 1024,
      metadataMaxAge: 60_000,
      retry: {
        retries: 3,
        initialRetryTime: 200,
        maxRetryTime: 2_000,
        restartOnFailure: () => Promise.resolve(false),
      },
    });
    this.#consumer = consumer;
    const crashed = new Promise<never>((_, reject) => {
      this.#fail = reject;
    });
    crashed.catch(() => undefined);
    this.#listen(consumer);
    const watch = setInterval(() => this.#watchSilence(), 1_000);
    try {
      await consumer.connect();
      const topics = [
        this.#options.predictions.topic,
        ...(this.#options.labels ? [this.#options.labels.topic] : []),
      ];
      if (from === 'latest') this.#ends ??= await this.#ports.logEnds();
      // Also for `from: latest`: kafkajs goes here as well when the log has dropped what comes next, and passes over nothing.
      await consumer.subscribe({ topics, fromBeginning: true });
      await consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        eachBatch: (payload) => this.#eachBatch(payload),
      });
      await Promise.race([crashed, aborted(this.#signal)]);
    } finally {
      clearInterval(watch);
      this.assignment.drop('the session with the broker ended');
      this.#assign({});
      this.#consumer = undefined;
      await consumer.disconnect().catch(() => undefined);
    }
  }

  #listen(consumer: Consumer): void {
    const { events } = consumer;
    consumer.on(events.GROUP_JOIN, ({ payload }) => {
      this.assignment.drop('the group was joined anew');
      this.#answered();
      this.#assign(payload.memberAssignment);
      this.#ports.logger.info(
        { partitions: payload.memberAssignment, member: payload.memberId },
        'joined the consumer group',
      );
    });
    consumer.on(events.REBALANCING, () => {
      this.assignment.drop('the group rebalances');
      this.#assign({});
    });
    consumer.on(events.FETCH, () => this.#answered());
    consumer.on(events.START_BATCH_PROCESS, ({ payload: { topic, partition, batchSize, ...batch } }) => {
      if (batchSize === 0)
        this.assignment.passOver(topic, partition, Number(batch.firstOffset), Number(batch.lastOffset));
    });
    consumer.on(events.CRASH, ({ payload }) => this.#fail?.(payload.error));
  }

  #assign(partitions: Readonly<Record<string, readonly number[]>>): void {
    this.#assigned = partitions;
    this.#ports.onAssigned(partitions);
  }

  #answered(): void {
    this.#lastAnswer = Date.now();
    this.#ports.availability.up();
  }

  #watchSilence(): void {
    if (this.#busy > 0 || this.#lastAnswer === 0) return;
    if (Date.now() - this.#lastAnswer > SILENCE) {
      this.#ports.availability.down(
        new Error(`no answer from ${this.#options.brokers.join(', ')} for ${SILENCE / 1000} s`),
      );
    }
  }

  #hold(topic: string, partition: number, stop: AbortController): Held {
    const { signal } = stop;
    const consumer = this.#consumer;
    const lease: Lease = {
      signal,
      heartbeat: async () => {
        await breathe();
        signal.throwIfAborted();
        await held.beat?.();
      },
      commit: async (offset) => {
        signal.throwIfAborted();
        await consumer?.commitOffsets([{ topic, partition, offset: String(offset) }]);
      },
      seek: (offset) => {
        if (signal.aborted) return;
        held.next = offset;
        consumer?.seek({ topic, partition, offset: String(offset) });
      },
    };
    const held: Held = {
      topic,
      partition,
      lease,
      stop,
      handler: this.#ports.open(topic, partition, lease),
      next: undefined,
      afterGap: false,
      beat: undefined,
    };
    return held;
  }

  async #eachBatch(payload: EachBatchPayload): Promise<void> {
    const { batch, heartbeat, resolveOffset, isStale, isRunning } = payload;
    if (this.#signal.aborted || isStale() || !isRunning()) return;
    // A batch that was fetched for an earlier generation may still be on its way.
    if (this.#assigned[batch.topic]?.includes(batch.partition) !== true) return;
    const held = this.assignment.for(batch.topic, batch.partition);
    let lost: unknown;
    const beat = async (): Promise<void> => {
      try {
        await heartbeat();
      } catch (error) {
        // The group has moved on: whatever waits for the store on behalf of this partition stops waiting.
        lost = error;
        this.assignment.forget(held, error);
        throw error;
      }
    };
    held.beat = beat;
    this.#busy += 1;
    const pulse = setInterval(() => void beat().catch(() => undefined), HEARTBEAT_INTERVAL);
    try {
      const records = recordBatch(batch);
      if (!(await this.#isInPlace(held, records.firstOffset))) return;
      const counted = await held.handler.handle({ ...records, afterGap: held.afterGap }, isStale);
      held.afterGap = false;
      if (counted && !held.lease.signal.aborted) {
        resolveOffset(batch.lastOffset());
        held.next = records.lastOffset + 1;
      }
      if (lost !== undefined) throw lost;
    } catch (error) {
      if (lost !== undefined) throw lost;
      if (this.#signal.aborted || held.lease.signal.aborted) return;
      if (error instanceof DriftdError && !error.retryable) this.#fail?.(error);
      else if (!(error instanceof DriftdError)) {
        this.#ports.logger.debug(
          { err: error },
          `a batch of ${batch.topic}/${batch.partition} failed: ${messageOf(error)}`,
        );
      }
      throw error;
    } finally {
      clearInterval(pulse);
      held.beat = undefined;
      this.#busy -= 1;
      this.#lastAnswer = Date.now();
    }
  }

  /**
   * Makes sure that a batch is from where reading has to go on. kafkajs may hand over one from further on after a rejoin.
   * Where the log has dropped what comes next, it goes on by itself at the beginning of what is left.
   *
   * @returns false when the batch is from elsewhere and the partition will be read from the right place.
   */
  async #isInPlace(held: Held, fetched: number): Promise<boolean> {
    if (held.next === fetched) return true;
    const { topic, partition, lease } = held;
    const { committed, low, counted } = await this.#ports.position(topic, partition);
    lease.signal.throwIfAborted();
    if (held.next === undefined) {
      const end = this.#ends?.find((log) => log.topic === topic && log.partition === partition)?.end;
      const beginning = this.#options.from === 'earliest' ? low : (counted ?? end ?? low);
      // Where nothing is committed, the beginning is, so that a restart begins there, too.
      if (committed === undefined) await lease.commit(Math.max(beginning, low));
      held.next = Math.max(committed ?? beginning, low);
    } else {
      // Entries that are no records make no batch; kafkajs goes on behind them by itself.
      if (low <= held.next) return true;
      held.afterGap = true;
      held.next = low;
    }
    if (held.next === fetched) return true;
    lease.seek(held.next);
    return false;
  }

  async close(deadline: number, abort: () => void): Promise<void> {
    const consumer = this.#consumer;
    const topics = [
      this.#options.predictions.topic,
      ...(this.#options.labels ? [this.#options.labels.topic] : []),
    ];
    try {
      consumer?.pause(topics.map((topic) => ({ topic })));
    } catch {
      // A consumer that has not begun to run has nothing to pause.
    }
    const flushed = Promise.allSettled(this.assignment.all().map((held) => held.handler.finish()));
    await Promise.race([flushed, sleep(deadline, undefined, { ref: false })]);
    this.assignment.drop('driftd stops');
    abort();
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
