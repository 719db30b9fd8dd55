import type { Lease, RecordBatch } from '../record.ts';
import type { ReadingPosition } from './reading-position.ts';

/** What works on one partition for the length of its lease. */
export interface PartitionHandler {
  /**
   * @param isVoid true once somebody sought elsewhere in the partition.
   * @returns false when the batch is void and the log will be read again from elsewhere.
   */
  handle(batch: RecordBatch, isVoid: () => boolean): Promise<boolean>;
  /** Stores what is counted so far, before the lease is given back. */
  finish(): Promise<void>;
}

export interface Held {
  readonly topic: string;
  readonly partition: number;
  readonly handler: PartitionHandler;
  readonly lease: Lease;
  readonly stop: AbortController;
  /** Undefined until the group's committed offset was asked for. */
  position: ReadingPosition | undefined;
  /** Set for the length of one batch, since only a batch carries the group's heartbeat. */
  beat: (() => Promise<void>) | undefined;
}

/**
 * The partitions that this generation of the group leaves to us.
 *
 * kafkajs tells of no revocation, so everything is dropped whenever the group is joined anew: handlers are made when
 * a partition gives its first batch, and abandoned with their counts when the next generation begins.
 */
export class Assignment {
  readonly #held = new Map<string, Held>();
  readonly #open: (topic: string, partition: number, stop: AbortController) => Held;

  constructor(open: (topic: string, partition: number, stop: AbortController) => Held) {
    this.#open = open;
  }

  for(topic: string, partition: number): Held {
    const key = `${topic}\0${partition}`;
    let held = this.#held.get(key);
    if (held === undefined) {
      held = this.#open(topic, partition, new AbortController());
      this.#held.set(key, held);
    }
    return held;
  }

  /** Takes note of entries that are no records, for which there is no batch. */
  passOver(topic: string, partition: number, first: number, last: number): void {
    const position = this.#held.get(`${topic}\0${partition}`)?.position;
    if (position?.next === first) position.moveTo(last + 1);
  }

  /** Ends one lease; the partition's next batch opens a new one, from the committed offset. */
  forget(held: Held, why: unknown): void {
    held.stop.abort(why);
    const key = `${held.topic}\0${held.partition}`;
    if (this.#held.get(key) === held) this.#held.delete(key);
  }

  all(): Held[] {
    return [...this.#held.values()];
  }

  /** Ends every lease. What was not stored will be read again by whoever owns the partition next. */
  drop(why: string): void {
    for (const held of this.#held.values()) held.stop.abort(new Error(why));
    this.#held.clear();
  }
}
