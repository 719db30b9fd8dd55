import type { Millis } from '../base/clock.ts';
import type { Lease, LogRecord } from '../ingest/record.ts';
import type { Evaluator } from './evaluator.ts';
import type { OpenPartition } from './ingest.ts';
import type { Learning } from './learning.ts';
import type { PartitionWorker } from './partition-worker.ts';
import type { ReplayClock } from './replay-clock.ts';

export interface ReplayRecord extends LogRecord {
  readonly topic: string;
}

export interface ReplayParts {
  /** Gives all records from the beginning, offsets ascending within a topic. Asked again when a baseline was learned. */
  readonly records: () => AsyncIterable<ReplayRecord> | Iterable<ReplayRecord>;
  readonly openPartition: OpenPartition;
  readonly learning: Learning;
  readonly evaluator: Evaluator;
  /** Is told of every prediction by `openPartition`. */
  readonly clock: ReplayClock;
  readonly allowedLateness: Millis;
  readonly signal: AbortSignal;
  /** Records between two looks at the clock of the events; 1 000 unless said. */
  readonly batch?: number;
  readonly onProgress?: (records: number) => void;
}

export interface ReplaySummary {
  readonly records: number;
  readonly evaluations: number;
  /** The event time of the last prediction. */
  readonly until: Millis;
}

const BATCH = 1_000;

/**
 * Sends a log that is all there through the same pipeline as a live one, in event time: a window is evaluated when the
 * event time has passed its end by the allowed lateness, and not before.
 */
export async function replay(parts: ReplayParts): Promise<ReplaySummary> {
  const run = new ReplayRun(parts);
  await run.read();
  return run.finish();
}

class ReplayRun {
  readonly #parts: ReplayParts;
  readonly #workers = new Map<string, PartitionWorker>();
  /** Offsets below these are done. */
  readonly #positions = new Map<string, number>();
  #sought = false;
  #records = 0;
  #evaluations = 0;

  constructor(parts: ReplayParts) {
    this.#parts = parts;
  }

  async read(): Promise<void> {
    do {
      this.#sought = false;
      let batch: ReplayRecord[] = [];
      for await (const record of this.#parts.records()) {
        this.#parts.signal.throwIfAborted();
        if (record.offset < (this.#positions.get(record.topic) ?? 0)) continue;
        batch.push(record);
        if (batch.length < (this.#parts.batch ?? BATCH)) continue;
        await this.#take(batch);
        batch = [];
        if (this.#sought) break;
      }
      if (!this.#sought) await this.#take(batch);
    } while (this.#sought);
  }

  async #take(batch: readonly ReplayRecord[]): Promise<void> {
    const topics = new Map<string, LogRecord[]>();
    for (const record of batch) {
      const records = topics.get(record.topic);
      if (records === undefined) topics.set(record.topic, [record]);
      else records.push(record);
    }
    for (const [topic, records] of topics) {
      const first = records[0] as LogRecord;
      const last = records.at(-1) as LogRecord;
      this.#positions.set(topic, last.offset + 1);
      const about = {
        topic,
        partition: 0,
        records,
        firstOffset: first.offset,
        lastOffset: last.offset,
        // How much is left is not known, and nobody asks.
        lag: Number.MAX_SAFE_INTEGER - last.offset - 1,
      };
      if (!(await this.#worker(topic).handle(about))) return;
    }
    this.#records += batch.length;
    this.#parts.onProgress?.(this.#records);
    if (this.#parts.learning.isDue()) await this.#learn();
    if (!this.#sought) await this.#evaluate(this.#parts.clock.now() - this.#parts.allowedLateness);
  }

  #worker(topic: string): PartitionWorker {
    let worker = this.#workers.get(topic);
    if (worker === undefined) {
      const lease: Lease = {
        signal: this.#parts.signal,
        heartbeat: () => Promise.resolve(),
        commit: () => Promise.resolve(),
        seek: (offset) => {
          this.#positions.set(topic, offset);
          this.#parts.clock.rewind(topic);
          this.#sought = true;
        },
      };
      worker = this.#parts.openPartition(topic, 0, lease);
      this.#workers.set(topic, worker);
    }
    return worker;
  }

  async #learn(): Promise<void> {
    await this.#flush();
    await this.#parts.learning.learn();
    for (const worker of this.#workers.values()) await worker.rereadIfOutdated();
  }

  async #flush(everything = false): Promise<void> {
    for (const worker of this.#workers.values()) await worker.flush(everything);
  }

  async #evaluate(limit: Millis): Promise<void> {
    const { evaluator, signal } = this.#parts;
    if (limit <= 0 || !evaluator.mayBeDue(limit)) return;
    await this.#flush();
    this.#evaluations += await evaluator.evaluateUpTo(limit, () => true, signal);
  }

  async finish(): Promise<ReplaySummary> {
    await this.#flush(true);
    // Nothing more will come, so there is nothing to be late.
    const until = this.#parts.clock.end();
    await this.#evaluate(until);
    await this.#parts.evaluator.settle(until, this.#parts.signal);
    await this.#parts.evaluator.dispatch();
    return { records: this.#records, evaluations: this.#evaluations, until };
  }
}
