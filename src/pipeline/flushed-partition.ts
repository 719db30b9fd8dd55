import { type EveryOptions, every } from '../base/every.ts';
import type { PartitionHandler } from '../ingest/kafka/assignment.ts';
import type { RecordBatch } from '../ingest/record.ts';
import type { PartitionWorker } from './partition-worker.ts';

/** What makes the counts, and writes them when it is told to. */
type Flushed = Pick<PartitionWorker, 'handle' | 'flush' | 'rereadIfOutdated' | 'finish'>;

/**
 * A partition whose counts are written at an interval; and when its backlog has been read, so that nobody waits for the rest of it,
 * at most once more in each. Traffic that reaches the end of the log with each batch is written at the interval alone.
 */
export class FlushedPartition implements PartitionHandler {
  readonly #worker: Flushed;
  readonly #onBacklogStored: () => void;
  /** Whether the log holds more; who begins to read expects that. */
  #isBehind = true;
  #mayComeEarly = true;

  /** @param pace ends with the lease. */
  constructor(worker: Flushed, pace: EveryOptions, onBacklogStored: () => void) {
    this.#worker = worker;
    this.#onBacklogStored = onBacklogStored;
    // Each at its own pace: a partition that waits, for its batch or for a baseline, does not hold up the others.
    const stop = every(pace, async () => {
      this.#mayComeEarly = true;
      await worker.rereadIfOutdated();
      await worker.flush();
    });
    pace.signal.addEventListener('abort', stop, { once: true });
  }

  async handle(batch: RecordBatch, isVoid: () => boolean): Promise<boolean> {
    const isCounted = await this.#worker.handle(batch, isVoid);
    const wasBehind = this.#isBehind;
    this.#isBehind = !isCounted || batch.lag > 0;
    if (wasBehind && !this.#isBehind && this.#mayComeEarly) {
      this.#mayComeEarly = false;
      // The next batch is not held up by it; and what it fails with, the next batch or flush fails with as well.
      this.#worker.flush().then(this.#onBacklogStored, () => undefined);
    }
    return isCounted;
  }

  finish(): Promise<void> {
    return this.#worker.finish();
  }
}
