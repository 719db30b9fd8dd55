import { type EveryOptions, every, once } from '../base/every.ts';
import type { PartitionHandler } from '../ingest/kafka/assignment.ts';
import type { RecordBatch } from '../ingest/record.ts';
import type { PartitionWorker } from './partition-worker.ts';

/** What makes the counts, and writes them when it is told to. */
type Flushed = Pick<PartitionWorker, 'handle' | 'flush' | 'rereadIfOutdated' | 'finish'>;

export interface FlushOptions {
  /** Ends with the lease. */
  readonly pace: EveryOptions;
  /** Those of this instance that are known to be behind; it comes and goes there. */
  readonly behind: Set<object>;
  /** Told when a backlog is stored and no other partition is known to have one. */
  readonly onCaughtUp: () => void;
}

/**
 * A partition whose counts are written at an interval; and when its backlog has been read, so that nobody waits for the rest of it,
 * at most once more in each. Traffic that reaches the end of the log with each batch is written at the interval alone.
 */
export class FlushedPartition implements PartitionHandler {
  readonly #worker: Flushed;
  readonly #options: FlushOptions;
  /** Whether the log holds more; who begins to read expects that. */
  #isBehind = true;
  #mayComeEarly = true;

  constructor(worker: Flushed, options: FlushOptions) {
    this.#worker = worker;
    this.#options = options;
    const { pace, behind } = options;
    // Each at its own pace: a partition that waits, for its batch or for a baseline, does not hold up the others.
    const stop = every(pace, async () => {
      this.#mayComeEarly = true;
      await this.#flush();
    });
    const end = (): void => {
      stop();
      behind.delete(this);
    };
    pace.signal.addEventListener('abort', end, { once: true });
  }

  async handle(batch: RecordBatch, isVoid: () => boolean): Promise<boolean> {
    const isCounted = await this.#worker.handle(batch, isVoid);
    const wasBehind = this.#isBehind;
    this.#setBehind(!isCounted || batch.lag > 0);
    if (wasBehind && !this.#isBehind && this.#mayComeEarly) {
      this.#mayComeEarly = false;
      // Not awaited: what it has to write may be little, and then the next batch does not wait for it.
      void once(this.#options.pace, async () => {
        if ((await this.#flush()) && this.#options.behind.size === 0) this.#options.onCaughtUp();
      });
    }
    return isCounted;
  }

  finish(): Promise<void> {
    return this.#worker.finish();
  }

  /** @returns false when the open chunk is read again instead. */
  async #flush(): Promise<boolean> {
    if (await this.#worker.rereadIfOutdated()) {
      this.#setBehind(true);
      return false;
    }
    await this.#worker.flush();
    return true;
  }

  #setBehind(isBehind: boolean): void {
    const { behind, pace } = this.#options;
    this.#isBehind = isBehind;
    if (isBehind && !pace.signal.aborted) behind.add(this);
    else behind.delete(this);
  }
}
