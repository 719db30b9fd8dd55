import type { Millis } from '../base/clock.ts';
import type { PartitionProgress } from '../store/progress.ts';

/** A log that is behind for this long although nothing is stored any more has no record left, only markers. */
const STALLED_AFTER: Millis = 60_000;
/** Looks further apart than this do not show that nothing was stored between them. */
const LONGEST_PAUSE: Millis = 20_000;

/**
 * Notices partitions that do not move. The end of a log may lie behind its last record for ever: transactions leave
 * markers, and what they take back is skipped. Such a partition must not hold the windows back.
 */
export class StalledPartitions {
  readonly #seen = new Map<string, { endOffset: number; since: Millis }>();
  #lookedAt: Millis = Number.NEGATIVE_INFINITY;

  /** To be called whenever progress was read. */
  look(partitions: readonly PartitionProgress[], now: Millis): void {
    if (now - this.#lookedAt > LONGEST_PAUSE) this.#seen.clear();
    this.#lookedAt = now;
    for (const partition of partitions) {
      const key = keyOf(partition);
      if (this.#seen.get(key)?.endOffset === partition.endOffset) continue;
      this.#seen.set(key, { endOffset: partition.endOffset, since: now });
    }
  }

  has(partition: PartitionProgress): boolean {
    const seen = this.#seen.get(keyOf(partition));
    return seen !== undefined && this.#lookedAt - seen.since >= STALLED_AFTER;
  }
}

function keyOf({ topic, partition }: PartitionProgress): string {
  return `${topic}/${partition}`;
}
