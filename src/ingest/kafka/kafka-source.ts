import { setImmediate as breathe, setTimeout as sleep } from 'node:timers/promises';
import { type Consumer, type EachBatchPayload, Kafka } from 'kafkajs';
import type { Logger } from 'pino';
import type { Availability } from '../../base/availability.ts';
import { DriftdError, messageOf } from '../../base/errors.ts';
import { type Backoff, backoffDelay } from '../../base/retry.ts';
import type { Lease } from '../record.ts';
import { hideAbortedRecords } from './aborted-records.ts';
import { Assignment, type Held, type PartitionHandler } from './assignment.ts';
import { kafkaClientConfig } from './client-config.ts';
import { registerCodecs } from './codecs/register-codecs.ts';
import { endStoppedFetchers } from './end-stopped-fetchers.ts';
import { fetchAhead } from './fetch-ahead.ts';
import { installFetchDecoder } from './fetch-decoder.ts';
import { fetchPatiently, LONGER } from './fetch-patiently.ts';
import { kafkaError } from './kafka-errors.ts';
import type { Membership } from './membership.ts';
import type { KafkaOptions } from './options.ts';
import { ReadingPosition } from './reading-position.ts';
import { recordBatch } from './record-batch.ts';

/** As in Kafka's own clients; a third of a session that is shorter. */
const HEARTBEAT_INTERVAL = 3_000;
/** A fetch of which nothing comes waits this long at the broker, and longer after many such; so late are seeks and a stop noticed. */
const FETCH_WAIT = 500;
/** While one partition waits for the store, others go on. The next fetch waits for all of them. */
const PARTITIONS_AT_A_TIME = 8;
/** Without an answer to a fetch for this long, the broker counts as gone. */
const SILENCE = 10_000;

export interface KafkaSourcePorts {
  readonly logger: Logger;
  readonly availability: Availability;
  readonly backoff: Backoff;
  /** Told whenever the group has answered. */
  readonly membership: Membership;
  /** Makes the handler of a partition; called with its first batch in each generation of the group. */
  readonly open: (topic: string, partition: number, lease: Lease) => PartitionHandler;
  /** Where to begin in all partitions of those topics of which the group has no committed offset. */
  readonly unbegun: () => Promise<
    ReadonlyArray<{ readonly topic: string; readonly partition: number; readonly end: number }>
  >;
  /** The group's committed offset of a partition (undefined when there is none), and where its log begins. */
  readonly position: (
    topic: string,
    partition: number,
  ) => Promise<{ committed: number | undefined; low: number }>;
  readonly onAssigned: (partitions: Readonly<Record<string, readonly number[]>>) => void;
}

export interface KafkaSource {
  /** Resolves when the source was stopped, rejects when it cannot go on. */
  readonly done: Promise<void>;
  /** Stores what is counted, leaves the group and ends; gives up on a store or a broker that does not answer in time. */
  stop(deadline: number): Promise<void>;
}

/** Reads topics as a member of a consumer group. Outages are waited out; only a refusal by the cluster ends it. */
export function startKafkaSource(options: KafkaOptions, ports: KafkaSourcePorts): KafkaSource {
  registerCodecs();
  installFetchDecoder();
  fetchPatiently();
  fetchAhead();
  hideAbortedRecords();
  endStoppedFetchers();
  const stopping = new AbortController();
  const sessions = new KafkaSessions(options, ports, stopping.signal);
  const done = sessions.run();
  // Whoever awaits `done` hears of it; nobody else has to.
  done.catch(() => undefined);
  return {
    done,
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
  readonly #heartbeatInterval: number;
  #consumer: Consumer | undefined;
  #fail: ((error: unknown) => void) | undefined;
  #assigned: Readonly<Record<string, readonly number[]>> = {};
  /** Where to begin with `from: latest`, as it was before the group was joined. */
  #ends: Awaited<ReturnType<KafkaSourcePorts['unbegun']>> | undefined;
  #begun: Promise<void> | undefined;
  #lastAnswer = 0;
  #busy = 0;

  constructor(options: KafkaOptions, ports: KafkaSourcePorts, signal: AbortSignal) {
    this.#options = options;
    this.#ports = ports;
    this.#signal = signal;
    this.#heartbeatInterval = Math.min(HEARTBEAT_INTERVAL, options.session_timeout / 3);
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
    const { group_id: groupId } = this.#options;
    const kafka = new Kafka(kafkaClientConfig(this.#options, this.#ports.logger));
    const consumer = kafka.consumer({
      groupId,
      sessionTimeout: this.#options.session_timeout,
      heartbeatInterval: this.#heartbeatInterval,
      rebalanceTimeout: 60_000,
      // Heartbeats are sent between fetches: as Kafka advises, no less often than three times in a session.
      maxWaitTimeInMs: Math.min(FETCH_WAIT, this.#options.session_timeout / 3 / LONGER),
      maxBytesPerPartition: 1024 * 1024,
      maxBytes: 8 * 1024 * 1024,
      metadataMaxAge: this.#options.metadata_max_age,
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
    const watch = setInterval(() => this.#watchSilence(), SILENCE / 4);
    try {
      await consumer.connect();
      const topics = [
        this.#options.predictions.topic,
        ...(this.#options.labels ? [this.#options.labels.topic] : []),
      ];
      if (this.#options.from === 'latest') this.#ends ??= await this.#ports.unbegun();
      // Also with `from: latest`, which is about the group's first reading alone (see #begin): kafkajs goes here as well when
      // the log has dropped what comes next, and passes over nothing.
      await consumer.subscribe({ topics, fromBeginning: true });
      await consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: PARTITIONS_AT_A_TIME,
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
      this.#ports.membership.heard();
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
    consumer.on(events.HEARTBEAT, () => this.#ports.membership.heard());
    consumer.on(events.FETCH, () => {
      this.#answered();
      this.#begin(consumer).catch(() => undefined);
    });
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
        signal.throwIfAborted();
      },
      commit: async (offset) => {
        signal.throwIfAborted();
        // kafkajs tries it again by itself, in rare cases after the group was joined anew: the next owner may find itself at the end of
        // a chunk that is stored, or read chunks again that it has stored. Both count the same.
        await consumer?.commitOffsets([{ topic, partition, offset: String(offset) }]);
      },
      seek: (offset) => {
        if (signal.aborted) return;
        held.position?.moveTo(offset);
        consumer?.seek({ topic, partition, offset: String(offset) });
      },
    };
    const held: Held = {
      topic,
      partition,
      lease,
      stop,
      handler: this.#ports.open(topic, partition, lease),
      position: undefined,
      beat: undefined,
    };
    return held;
  }

  async #eachBatch(payload: EachBatchPayload): Promise<void> {
    const { batch, heartbeat, resolveOffset, isStale, isRunning } = payload;
    if (this.#signal.aborted || isStale() || !isRunning()) return;
    // A batch that was fetched for an earlier generation may still be on its way.
    if (this.#assigned[batch.topic]?.includes(batch.partition) !== true) return;
    const consumer = this.#consumer;
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
    const pulse = setInterval(() => void beat().catch(() => undefined), this.#heartbeatInterval);
    try {
      const records = recordBatch(batch);
      if (consumer !== undefined) await this.#begin(consumer);
      held.position ??= await this.#position(held);
      const { position } = held;
      if (!position.accepts(records.firstOffset)) {
        consumer?.seek({ topic: batch.topic, partition: batch.partition, offset: String(position.next) });
        return;
      }
      const afterGap = records.firstOffset > position.next && (await this.#isDropped(held, position.next));
      const counted = await held.handler.handle({ ...records, afterGap }, isStale);
      // Who has sought meanwhile wants to read from elsewhere.
      if (counted && !held.lease.signal.aborted && !isStale()) {
        resolveOffset(batch.lastOffset());
        position.moveTo(records.lastOffset + 1);
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
   * With `from: latest`, the group begins at the ends that the logs had before its first member joined, of all partitions
   * whether or not anything comes in them: so nothing is lost to a restart before the first record. Partitions that are added
   * later are read from their beginning.
   */
  #begin(consumer: Consumer): Promise<void> {
    if (this.#options.from === 'earliest') return Promise.resolve();
    this.#begun ??= this.#commitEnds(consumer).catch((error: unknown) => {
      this.#begun = undefined;
      throw error;
    });
    return this.#begun;
  }

  async #commitEnds(consumer: Consumer): Promise<void> {
    if (this.#ends === undefined || this.#ends.length === 0) return;
    // Another member may have begun meanwhile, and gone on.
    const unbegun = new Set((await this.#ports.unbegun()).map(({ topic }) => topic));
    const ends = this.#ends.filter(({ topic }) => unbegun.has(topic));
    if (ends.length === 0) return;
    await consumer.commitOffsets(
      ends.map(({ topic, partition, end }) => ({ topic, partition, offset: String(end) })),
    );
  }

  /**
   * Where a new lease begins: at the group's committed offset, or where the log begins when that is behind it. Where nothing
   * is committed, the beginning is committed first, so that a restart begins there, too.
   */
  async #position({ topic, partition, lease }: Held): Promise<ReadingPosition> {
    const { committed, low } = await this.#ports.position(topic, partition);
    lease.signal.throwIfAborted();
    if (committed === undefined) await lease.commit(low);
    return new ReadingPosition(Math.max(committed ?? low, low));
  }

  /** True when the log no longer has what comes next; otherwise what was passed over are entries that are no records. */
  async #isDropped({ topic, partition, lease }: Held, next: number): Promise<boolean> {
    const { low } = await this.#ports.position(topic, partition);
    lease.signal.throwIfAborted();
    return low > next;
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
