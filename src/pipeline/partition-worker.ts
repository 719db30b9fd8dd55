import type { Millis } from '../base/clock.ts';
import { Mutex } from '../base/mutex.ts';
import { Chunk } from '../ingest/chunk.ts';
import type { Lease, LogRecord, RecordBatch } from '../ingest/record.ts';
import { type ChunkOrigin, resumeAt, type StoredChunk } from '../ingest/resume.ts';
import { intakeRow } from '../store/intake.ts';
import type { ProgressRow } from '../store/progress.ts';
import { DeadLetters } from './dead-letters.ts';
import { type ChunkContext, type DrainOptions, type FlushRows, OpenChunk } from './open-chunk.ts';
import { recreated } from './recreated.ts';
import type { WorkerOptions, WorkerPorts } from './worker-ports.ts';
import { WriteQueue } from './write-queue.ts';

/** Rows of profiles are made of the counts while they are written. Up to so many are copied before, so that counting goes on. */
const COPIED_PROFILES = 1_000;

/** Counting goes on beside writes that take no longer; behind a store that does not answer, records stay at the broker. */
const SLOW: Millis = 1_000;

/** A chunk, and how reading came to its start. */
interface Current {
  readonly open: OpenChunk;
  readonly origin: ChunkOrigin;
  /** The highest event time of the partition before it. */
  readonly maxBefore: Millis;
}

/**
 * Turns one partition's log into rows, chunk by chunk, as long as its lease lasts. Counting goes on while rows are written:
 * behind a full chunk, which is stored and committed meanwhile, the next one is counted, but never one more.
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
  readonly #writes = new WriteQueue();
  #current: Current | undefined;
  /** A full chunk whose models have got other baselines by the time that it was stored: it has to be counted again. */
  #outdated: Current | undefined;
  /** The end of a stored chunk that the group did not take; it is told again. */
  #uncommitted: number | undefined;
  /** False at the beginning and after reading was sent elsewhere: what lies before a batch is then for the store to say. */
  #follows = false;
  /** Records below this were counted already, or stand in the store; a log may give them twice after a hiccup. */
  #skipBelow = Number.NEGATIVE_INFINITY;
  #maxEventTime = 0;
  #caughtUp = false;
  /** Whether a valid event came since the last flush, and when one last did; rejects do not keep a partition busy. */
  #accepted = false;
  #activeAt: Millis;
  #unflushed = false;
  /** Baselines that were unpacked when this last let others run; to unpack one takes as long as to count thousands of records. */
  #unpacked: number;
  /** Resolves when the store knows of the open chunk. */
  #begun: Promise<void> = Promise.resolve();
  /** What the store knows of the chunk that begins at an offset, asked for while the one before was being closed. */
  #next: { readonly offset: number; readonly stored: Promise<StoredChunk | undefined> } | undefined;

  constructor(context: ChunkContext, lease: Lease, ports: WorkerPorts, options: WorkerOptions) {
    this.#context = context;
    this.#lease = lease;
    this.#ports = ports;
    this.#options = options;
    this.#activeAt = ports.clock.now();
    this.#unpacked = context.directory.unpacked;
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
    await this.#writes.unlessSlow(SLOW);
    this.#writes.throwIfFailed();
    if (this.#rereadsOutdated()) return false;
    await this.#commitAgain();
    const { records } = batch;
    if (batch.afterGap === true) {
      // What follows is another chunk, so that the store can tell between which two the gap is.
      if (!(await this.#close()) || !(await this.#settled())) return false;
      this.#follows = false;
    }
    const { directory } = this.#context;
    const { sliceRecords } = this.#options;
    for (let i = 0; i < records.length; i += 1) {
      if (i % sliceRecords === sliceRecords - 1 || directory.unpacked !== this.#unpacked) {
        await this.#lease.heartbeat();
        this.#unpacked = directory.unpacked;
      }
      const record = records.at(i) as LogRecord;
      if (record.offset < this.#skipBelow) continue;
      const time = record.timestamp ?? 0;
      if (this.#current?.open.chunk.endsBefore(time) && !(await this.#close(record.offset))) return false;
      if (this.#current === undefined) {
        const begun = await this.#begin(record, batch);
        if (begun === 'reread') return false;
        if (begun === 'skip') continue;
        // Who has lost the partition while waiting may find another record in this place; then this throws.
        records.at(i);
        this.#current = begun;
      }
      const { open } = this.#current;
      this.#take(open, record, time);
      if (open.pendingBytes > this.#options.maxPendingBytes()) {
        if (!(await this.#settled())) return false;
        await (await this.#write(this.#current, { closed: false, everything: false })).stored;
      }
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

  /** Opens the chunk that a record begins, unless the record is in the store already, or the log is read again from before it. */
  async #begin(record: LogRecord, batch: RecordBatch): Promise<Current | 'skip' | 'reread'> {
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
      // The chunk before comes first: this commit would be its commit, too.
      if (!(await this.#settled())) return 'reread';
      // Committed before anything is counted behind it, so that a crash cannot bring the old start back.
      await this.#lease.commit(point.offset);
      this.#skipBelow = point.offset;
      return 'skip';
    }
    // A chunk that is read again has told of the gap before it.
    if (point.gap > 0 && stored?.start !== record.offset)
      this.#ports.observe.gap(point.readFrom - point.gap, point.readFrom);
    const limits = { ...this.#options.limits, maxRecords: point.maxRecords };
    const knownBelow = stored?.start === record.offset ? stored.end : 0;
    const open = new OpenChunk(new Chunk(record.offset, limits), this.#context, knownBelow);
    const current = { open, origin: point, maxBefore: this.#maxEventTime };
    // Before any row of it: whoever reads the chunk again has to know its size, also when the first flush was cut short.
    if (stored?.start !== record.offset) {
      const progress = this.#progressOf(current, false);
      this.#begun = this.#store(new Map(), progress);
    }
    return current;
  }

  /** The chunk that the store has at an offset, or the last one before. */
  async #storedAt(offset: number): Promise<StoredChunk | undefined> {
    const next = this.#next;
    this.#next = undefined;
    if (next?.offset === offset) return next.stored;
    // What is being stored belongs to the answer: it would be missing as a gap.
    await this.#writes.idle();
    this.#writes.throwIfFailed();
    return this.#ports.chunkAt(offset, this.#lease.signal);
  }

  /**
   * Ends the open chunk: everything is stored, then committed, while the next chunk is counted. Only a chunk that may have to
   * be counted again, since a model has no baseline, is waited for.
   *
   * @param next the offset of the record that does not belong to it any more.
   * @returns false when something has to be read again.
   */
  async #close(next?: number): Promise<boolean> {
    if (!(await this.#settled())) return false;
    const current = this.#current;
    if (current === undefined) return true;
    const { open } = current;
    if (next !== undefined) this.#lookAhead(open, next);
    await this.#write(current, { closed: true, everything: true });
    this.#current = undefined;
    void this.#writes.add(() => this.#commitClosed(current));
    return open.unprofiled.size === 0 || this.#settled();
  }

  async #commitClosed(current: Current): Promise<void> {
    const { open } = current;
    if (open.unprofiled.size > 0) await this.#ports.settleLearning(open.unprofiled, this.#lease.signal);
    if (open.isOutdated()) {
      this.#outdated = current;
      return;
    }
    await this.#lease.commit(open.chunk.end).catch(() => {
      this.#uncommitted = open.chunk.end;
    });
  }

  /** Waits for what is being written. @returns false when the log is read again from where counts are outdated. */
  async #settled(): Promise<boolean> {
    await this.#writes.idle();
    this.#writes.throwIfFailed();
    if (this.#rereadsOutdated()) return false;
    await this.#commitAgain();
    return true;
  }

  #rereadsOutdated(): boolean {
    if (this.#outdated === undefined) return false;
    this.#rewind(this.#outdated);
    return true;
  }

  /** A commit that failed behind the back of all is failed again here, before those who know what to do about it. */
  async #commitAgain(): Promise<void> {
    if (this.#uncommitted === undefined) return;
    await this.#lease.commit(this.#uncommitted);
    this.#uncommitted = undefined;
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

  #rewind({ open, origin, maxBefore }: Current): void {
    this.#next = undefined;
    this.#outdated = undefined;
    this.#current = undefined;
    this.#follows = false;
    this.#skipBelow = open.chunk.start;
    this.#maxEventTime = maxBefore;
    this.#unflushed = false;
    this.#ports.observe.rewound(this.#context.topic, this.#context.partition, open.chunk.start);
    // From before the records that are no records, so that they are not taken for lost ones.
    this.#lease.seek(origin.readFrom);
  }

  /**
   * Stores what changed since the last flush. Safe to call at any time. When it fails, the worker has come to its end.
   * @param everything also what is held back while events come, which no window needs before more of them have come.
   */
  async flush(everything = false): Promise<void> {
    await this.#writes.idle();
    const { stored } = await this.#mutex.run(() => this.#flush(everything));
    await stored;
  }

  async #flush(everything: boolean): Promise<{ readonly stored: Promise<void> }> {
    this.#writes.throwIfFailed();
    // The next batch fails with it; until then, what is counted is stored all the same.
    await this.#commitAgain().catch(() => undefined);
    const current = this.#current;
    // Behind a chunk that is to be read again, nothing is stored.
    if (current !== undefined && this.#outdated === undefined && (this.#unflushed || current.open.holdsBack))
      return this.#write(current, { closed: false, everything });
    return { stored: this.#writes.idle() };
  }

  #progressOf({ open, origin }: Current, closed: boolean): ProgressRow {
    const { topic, partition } = this.#context;
    const { chunk, counts } = open;
    return {
      topic,
      partition,
      chunkStart: chunk.start,
      readFrom: origin.readFrom,
      gap: origin.gap,
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

  /** Takes what has changed from the counts. @returns when that is `stored`; where that would be much to copy, it is by then. */
  async #write(
    current: Current,
    { closed, everything }: { readonly closed: boolean; readonly everything: boolean },
  ): Promise<{ readonly stored: Promise<void> }> {
    await this.#letters?.send(this.#lease.signal);
    const seen = this.#accepted && !everything ? this.#maxEventTime : undefined;
    if (this.#accepted) this.#activeAt = this.#ports.clock.now();
    this.#accepted = false;
    this.#unflushed = false;
    const progress = this.#progressOf(current, closed);
    const mostCopied = closed ? 0 : COPIED_PROFILES;
    const rows = this.#rowsOf(current.open, progress, { seen, mostCopied });
    const stored = this.#store(rows, progress, () => this.#ports.observe.flushed(progress));
    if (!closed && (rows.get('profile_parts') ?? []).length > mostCopied) await stored;
    return { stored };
  }

  #store(rows: FlushRows, progress: ProgressRow, onStored?: () => void): Promise<void> {
    return this.#writes.add(async () => {
      // The chunk before is read again, and this one will be behind it.
      if (this.#outdated !== undefined) return;
      await this.#ports.write(rows, progress, this.#lease.signal);
      onStored?.();
    });
  }

  #rowsOf(open: OpenChunk, { topic, partition, flushedAt }: ProgressRow, options: DrainOptions): FlushRows {
    const news = open.counts.news();
    const rows = open.drain(options);
    return news.records === 0
      ? rows
      : new Map([...rows, ['intake', [intakeRow({ topic, partition, at: flushedAt }, news)]]]);
  }

  /** Stores what is counted and commits nothing: the open chunk will be read again by its next owner. */
  finish(): Promise<void> {
    return this.flush();
  }

  /** Reads the open chunk again when it has predictions of a model whose baseline has changed since. @returns whether it does. */
  rereadIfOutdated(): Promise<boolean> {
    return this.#mutex.run(async () => {
      if (this.#rereadsOutdated()) return true;
      if (!this.#current?.open.isOutdated()) return false;
      this.#rewind(this.#current);
      return true;
    });
  }

  /** The highest event time counted so far, flushed or not; 0 before the first event. */
  get maxEventTime(): Millis {
    return this.#maxEventTime;
  }
}
