import type { Clock, Millis } from '../base/clock.ts';
import { DriftdError } from '../base/errors.ts';
import { Mutex } from '../base/mutex.ts';
import type { Outcome } from '../base/outcome.ts';
import type { PackedBytes } from '../base/packed-bytes.ts';
import type { DriftdEvent, RejectReason } from '../event/events.ts';
import { Chunk, type ChunkLimits } from '../ingest/chunk.ts';
import type { Lease, LogRecord, RecordBatch } from '../ingest/record.ts';
import { type ChunkOrigin, resumeAt, type StoredChunk } from '../ingest/resume.ts';
import { intakeRow } from '../store/intake.ts';
import type { ProgressRow } from '../store/progress.ts';
import { DeadLetters, type SendDeadLetters } from './dead-letters.ts';
import { type ChunkContext, type FlushRows, OpenChunk } from './open-chunk.ts';

/** What a worker needs from the outside. Store calls retry until the lease's signal aborts. */
export interface WorkerPorts {
  readonly clock: Clock;
  readonly decode: (
    payload: Buffer | PackedBytes | null,
    recordTime: Millis | undefined,
  ) => Outcome<DriftdEvent, RejectReason>;
  readonly chunkAt: (offset: number, signal: AbortSignal) => Promise<StoredChunk | undefined>;
  /** Undefined where rejects go nowhere but to the store. */
  readonly sendDeadLetters?: SendDeadLetters;
  readonly write: (rows: FlushRows, progress: ProgressRow, signal: AbortSignal) => Promise<void>;
  /**
   * Asked when a chunk is full that had events without a baseline: resolves once it is known whether they stay without
   * one. Whether one has come meanwhile, the directory says.
   */
  readonly settleLearning: (models: ReadonlySet<string>, signal: AbortSignal) => Promise<void>;
  readonly observe: {
    readonly batch: (topic: string, partition: number, records: number, lag: number) => void;
    readonly outcome: (outcome: Outcome<DriftdEvent, RejectReason>) => void;
    readonly late: (topic: string) => void;
    readonly flushed: (progress: ProgressRow) => void;
    /** Offsets in [from, to) were lost before they were read. */
    readonly gap: (from: number, to: number) => void;
    readonly rewound: (topic: string, partition: number, offset: number) => void;
  };
}

export interface WorkerOptions {
  readonly limits: ChunkLimits;
  readonly allowedLateness: Millis;
  /** Records between two heartbeats and breaths of the event loop. */
  readonly sliceRecords: number;
  /** Rows that take more than this are flushed at once. */
  readonly maxPendingBytes: () => number;
}

/**
 * Turns one partition's log into rows, chunk by chunk, as long as its lease lasts.
 *
 * Nothing it holds outlives the lease: a new owner (or this process, after a rebalance) starts again from the committed
 * offset, which is the start of the open chunk, and writes the same keys.
 */
export class PartitionWorker {
  readonly #ports: WorkerPorts;
  readonly #options: WorkerOptions;
  readonly #context: ChunkContext;
  readonly #lease: Lease;
  readonly #mutex = new Mutex();
  readonly #letters: DeadLetters | undefined;
  #open: OpenChunk | undefined;
  #origin: ChunkOrigin | undefined;
  /** False at the beginning and after reading was sent elsewhere: what lies before a batch is then for the store to say. */
  #follows = false;
  /** Records below this were counted already, or stand in the store; a log may give them twice after a hiccup. */
  #skipBelow = Number.NEGATIVE_INFINITY;
  #maxEventTime = 0;
  /** maxEventTime before the open chunk. */
  #maxBefore = 0;
  #caughtUp = false;
  /** Whether a valid event came since the last flush, and when one last did; rejects do not keep a partition busy. */
  #accepted = false;
  #activeAt: Millis;
  #unflushed = false;
  /** What a write failed with: its rows are in no memory any more, so nothing may be stored or committed behind them. */
  #failure: { readonly error: unknown } | undefined;
  /** Resolves when the store knows of the open chunk, or the worker has failed. */
  #begun: Promise<void> = Promise.resolve();
  /** What the store knows of the chunk that begins at an offset, asked for while the one before was being closed. */
  #next: { readonly offset: number; readonly stored: Promise<StoredChunk | undefined> } | undefined;

  constructor(context: ChunkContext, lease: Lease, ports: WorkerPorts, options: WorkerOptions) {
    this.#context = context;
    this.#lease = lease;
    this.#ports = ports;
    this.#options = options;
    this.#activeAt = ports.clock.now();
    this.#letters =
      ports.sendDeadLetters && new DeadLetters(context.topic, context.partition, ports.sendDeadLetters);
  }

  /**
   * Counts a batch. @returns false when the log has to be read again from elsewhere and the batch is void.
   *
   * @param isVoid true once somebody sought elsewhere, perhaps while this batch waited for its turn.
   */
  handle(batch: RecordBatch, isVoid: () => boolean = () => false): Promise<boolean> {
    return this.#mutex.run(async () => !isVoid() && (await this.#handle(batch)));
  }

  async #handle(batch: RecordBatch): Promise<boolean> {
    this.#throwIfFailed();
    const { records } = batch;
    if (batch.afterGap === true) {
      // What follows is another chunk, so that the store can tell between which two the gap is.
      if (!(await this.#close())) return false;
      this.#follows = false;
    }
    for (let i = 0; i < records.length; i += 1) {
      const record = records.at(i) as LogRecord;
      if (i % this.#options.sliceRecords === this.#options.sliceRecords - 1) await this.#lease.heartbeat();
      if (record.offset < this.#skipBelow) continue;
      const time = record.timestamp ?? 0;
      if (this.#open?.chunk.endsBefore(time) && !(await this.#close(record.offset))) return false;
      if (this.#open === undefined) {
        this.#open = await this.#begin(record, batch);
        if (this.#open === undefined) continue;
      }
      this.#take(this.#open, record, time);
      if (this.#open.pendingBytes > this.#options.maxPendingBytes()) await this.#write(this.#open, false);
    }
    await this.#letters?.send(this.#lease.signal);
    this.#follows = true;
    this.#caughtUp = batch.lag === 0;
    this.#ports.observe.batch(batch.topic, batch.partition, records.length, batch.lag);
    return true;
  }

  #take(open: OpenChunk, record: LogRecord, time: Millis): void {
    open.chunk.take(record.offset, time);
    const outcome = this.#ports.decode(record.packed ?? record.value, record.timestamp);
    open.take(record, outcome);
    this.#ports.observe.outcome(outcome);
    if (outcome.kind === 'reject') this.#letters?.take(record, outcome.reason, outcome.detail);
    if (outcome.kind === 'ok') {
      this.#accepted = true;
      const { timestamp } = outcome.value;
      if (timestamp > this.#maxEventTime) this.#maxEventTime = timestamp;
      else if (timestamp < this.#maxEventTime - this.#options.allowedLateness) {
        open.late += 1;
        this.#ports.observe.late(this.#context.topic);
      }
    }
    this.#skipBelow = record.offset + 1;
    this.#unflushed = true;
  }

  /** Opens the chunk that a record begins; undefined when the record is in the store already. */
  async #begin(record: LogRecord, batch: RecordBatch): Promise<OpenChunk | undefined> {
    const { signal } = this.#lease;
    const stored = await this.#storedAt(record.offset);
    if (stored !== undefined) this.#letters?.skipBelow(stored.end);
    const end = batch.lastOffset + 1 + batch.lag;
    if (stored !== undefined && stored.end > end) {
      // So it looks as well to an owner of before whose batch is old; the group tells that one first.
      await this.#lease.heartbeat();
      throw recreated(this.#context, stored.end, end);
    }
    // Between two of our own records the log may leave holes (markers, compaction); those are no loss.
    const fetched = this.#follows ? undefined : batch.firstOffset;
    const point = resumeAt(record.offset, fetched, stored, this.#options.limits.maxRecords);
    if (point.action === 'skip') {
      // Committed before anything is counted behind it, so that a crash cannot bring the old start back.
      await this.#lease.commit(point.offset);
      this.#skipBelow = point.offset;
      return undefined;
    }
    // A chunk that is read again has told of the gap before it.
    if (point.gap > 0 && stored?.start !== record.offset)
      this.#ports.observe.gap(point.readFrom - point.gap, point.readFrom);
    this.#origin = point;
    this.#maxBefore = this.#maxEventTime;
    const limits = { ...this.#options.limits, maxRecords: point.maxRecords };
    const knownBelow = stored?.start === record.offset ? stored.end : 0;
    const open = new OpenChunk(new Chunk(record.offset, limits), this.#context, knownBelow);
    // Before any row of it: whoever reads the chunk again has to know its size, also when the first flush was cut short.
    if (stored?.start !== record.offset)
      this.#begun = this.#ports
        .write(new Map(), this.#progressOf(open, false), signal)
        .catch((error: unknown) => {
          this.#failure = { error };
        });
    return open;
  }

  /** The chunk that the store has at an offset, or the last one before. */
  #storedAt(offset: number): Promise<StoredChunk | undefined> {
    const next = this.#next;
    this.#next = undefined;
    return next?.offset === offset ? next.stored : this.#ports.chunkAt(offset, this.#lease.signal);
  }

  /**
   * Ends the open chunk: everything is stored, then committed.
   *
   * @param next the offset of the record that does not belong to it any more.
   * @returns false when it has to be read again.
   */
  async #close(next?: number): Promise<boolean> {
    const open = this.#open;
    if (open === undefined) return true;
    if (next !== undefined) this.#lookAhead(open, next);
    await this.#write(open, true);
    if (open.unprofiled.size > 0) await this.#ports.settleLearning(open.unprofiled, this.#lease.signal);
    if (open.isOutdated()) {
      this.#rewind(open);
      return false;
    }
    await this.#lease.commit(open.chunk.end);
    this.#open = undefined;
    return true;
  }

  /** What the store knows of this chunk is old by the time of the answer, and we know better. */
  #lookAhead({ chunk }: OpenChunk, offset: number): void {
    const stored = this.#begun
      .then(() => this.#ports.chunkAt(offset, this.#lease.signal))
      .then((known) => (known?.start === chunk.start ? { ...known, end: chunk.end } : known));
    // It is awaited when the next chunk begins, which may never be.
    stored.catch(() => undefined);
    this.#next = { offset, stored };
  }

  #rewind(open: OpenChunk): void {
    this.#next = undefined;
    // From before the records that are no records, so that they are not taken for lost ones.
    const { readFrom } = this.#origin ?? { readFrom: open.chunk.start };
    this.#open = undefined;
    this.#follows = false;
    this.#skipBelow = open.chunk.start;
    this.#maxEventTime = this.#maxBefore;
    this.#unflushed = false;
    this.#ports.observe.rewound(this.#context.topic, this.#context.partition, open.chunk.start);
    this.#lease.seek(readFrom);
  }

  /**
   * Stores what changed since the last flush. Safe to call at any time. When it fails, the worker has come to its end.
   *
   * @param everything also what is held back while events come, which no window needs before more of them have come.
   */
  flush(everything = false): Promise<void> {
    return this.#mutex.run(async () => {
      this.#throwIfFailed();
      const open = this.#open;
      if (open !== undefined && (this.#unflushed || open.holdsBack))
        await this.#write(open, false, everything);
      else await this.#begun;
    });
  }

  #progressOf(open: OpenChunk, closed: boolean): ProgressRow {
    const { topic, partition } = this.#context;
    const { chunk, counts } = open;
    return {
      topic,
      partition,
      chunkStart: chunk.start,
      readFrom: this.#origin?.readFrom ?? chunk.start,
      gap: this.#origin?.gap ?? 0,
      endOffset: chunk.end,
      closed,
      caughtUp: this.#caughtUp,
      records: chunk.records,
      maxRecords: chunk.limits.maxRecords,
      predictions: counts.predictions,
      labels: counts.labels,
      unprofiled: counts.unprofiled,
      rejected: counts.rejected,
      maxEventTime: open.maxEventTime,
      late: open.late,
      activeAt: this.#activeAt,
      flushedAt: this.#ports.clock.now(),
    };
  }

  async #write(open: OpenChunk, closed: boolean, everything = closed): Promise<void> {
    const seen = this.#accepted && !everything ? this.#maxEventTime : undefined;
    if (this.#accepted) this.#activeAt = this.#ports.clock.now();
    this.#accepted = false;
    await this.#begun;
    this.#throwIfFailed();
    const progress = this.#progressOf(open, closed);
    this.#unflushed = false;
    try {
      await this.#letters?.send(this.#lease.signal);
      await this.#ports.write(this.#rowsOf(open, progress, seen), progress, this.#lease.signal);
    } catch (error) {
      this.#failure = { error };
      throw error;
    }
    this.#ports.observe.flushed(progress);
  }

  #rowsOf(
    open: OpenChunk,
    { topic, partition, flushedAt }: ProgressRow,
    seen: Millis | undefined,
  ): FlushRows {
    const news = open.counts.news();
    const rows = open.drain(seen);
    return news.records === 0
      ? rows
      : new Map([...rows, ['intake', [intakeRow({ topic, partition, at: flushedAt }, news)]]]);
  }

  #throwIfFailed(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  /** Stores what is counted and commits nothing: the open chunk will be read again by its next owner. */
  finish(): Promise<void> {
    return this.flush();
  }

  /** Reads the open chunk again when it has predictions of a model whose baseline has changed since. */
  rereadIfOutdated(): Promise<void> {
    return this.#mutex.run(async () => {
      if (this.#open?.isOutdated()) this.#rewind(this.#open);
    });
  }

  /** The highest event time counted so far, flushed or not; 0 before the first event. */
  get maxEventTime(): Millis {
    return this.#maxEventTime;
  }
}

function recreated({ topic, partition }: ChunkContext, stored: number, end: number): DriftdError {
  return new DriftdError(
    'environment',
    `the store has ${topic}/${partition} up to offset ${stored}, but the log ends at ${end}: the topic was made anew. ` +
      'Offsets name what is stored, so go on with another store.database, or give the topic another name',
  );
}
