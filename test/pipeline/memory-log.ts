import type { Lease, LogRecord, RecordBatch } from '../../src/ingest/record.ts';
import type { OpenPartition } from '../../src/pipeline/ingest.ts';
import type { PartitionWorker } from '../../src/pipeline/partition-worker.ts';

export const TOPIC = 'predictions';

/** One partition's log in memory, and the consumer group's memory of how far it is done. */
export class MemoryLog {
  readonly records: readonly LogRecord[];
  committed = 0;
  /** The first offset that retention has left. */
  readonly low: number;
  /** Owners of before this generation may not commit any more. */
  generation = 0;

  constructor(records: readonly LogRecord[], low = 0) {
    this.records = records;
    this.low = low;
  }

  /** The next records from an offset on, as a fetch gives them; undefined at the end. */
  batchAt(position: number, size: number): RecordBatch | undefined {
    const from = this.records.findIndex(({ offset }) => offset >= position);
    if (from < 0) return undefined;
    const records = this.records.slice(from, from + size);
    const lastOffset = records.at(-1)?.offset ?? position;
    const lag = (this.records.at(-1)?.offset ?? lastOffset) - lastOffset;
    const firstOffset = Math.max(position, this.low);
    return { topic: TOPIC, partition: 0, records, firstOffset, lastOffset, lag };
  }
}

/** What goes wrong in the life of one owner; set before a step, and gone when it has struck. */
export interface Misfortune {
  /** The heartbeat says that the partition was taken away. */
  heartbeat?: boolean;
  /** `refused`: an error and no commit. `lost`: no error and no commit, as when the process dies with the answer. */
  commit?: 'refused' | 'lost';
}

/** One owner of the partition, from its assignment to its end. */
export class Owner {
  readonly misfortune: Misfortune = {};
  readonly worker: PartitionWorker;
  heartbeats = 0;
  readonly #log: MemoryLog;
  readonly #stop = new AbortController();
  #position: number;

  constructor(log: MemoryLog, open: OpenPartition) {
    log.generation += 1;
    this.#log = log;
    this.#position = log.committed;
    this.worker = open(TOPIC, 0, this.#lease(log.generation));
  }

  #lease(generation: number): Lease {
    return {
      signal: this.#stop.signal,
      heartbeat: async () => {
        this.heartbeats += 1;
        if (this.misfortune.heartbeat === true) throw new Error('the group rebalances');
      },
      commit: async (offset) => {
        if (generation !== this.#log.generation) throw new Error('fenced off');
        const { commit } = this.misfortune;
        delete this.misfortune.commit;
        if (commit === 'refused') throw new Error('the coordinator moved');
        if (commit === undefined) this.#log.committed = offset;
      },
      seek: (offset) => {
        this.#position = offset;
      },
    };
  }

  /** Handles the next batch. @returns false at the end of the log. */
  async step(size: number): Promise<boolean> {
    const batch = this.#log.batchAt(this.#position, size);
    if (batch === undefined) return false;
    if (await this.worker.handle(batch)) this.#position = batch.lastOffset + 1;
    return true;
  }

  /** The end of the lease, for those who hear of it. */
  revoke(): void {
    this.#stop.abort(new Error('revoked'));
  }
}

/** Reads the whole log as one owner whom nothing happens to. */
export async function readAll(log: MemoryLog, open: OpenPartition, size = 64): Promise<void> {
  const owner = new Owner(log, open);
  while (await owner.step(size));
  await owner.worker.flush(true);
}
