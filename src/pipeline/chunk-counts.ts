import type { Outcome } from '../base/outcome.ts';
import type { DriftdEvent, RejectReason } from '../event/events.ts';

/** How often records were rejected for one reason, and where that happened last. */
export interface RejectTally {
  readonly count: number;
  readonly offset: number;
}

/** What became of records. */
export interface Intake {
  readonly records: number;
  readonly rejects: ReadonlyMap<RejectReason, RejectTally>;
}

/** Counts what became of the records of one chunk. */
export class ChunkCounts {
  records = 0;
  predictions = 0;
  labels = 0;
  /** Predictions that are in no profile, because their model has no baseline. */
  unprofiled = 0;
  rejected = 0;
  readonly #rejects = new Map<RejectReason, number>();
  readonly #newFrom: number;
  #newRecords = 0;
  #newRejects = new Map<RejectReason, RejectTally>();

  /** @param newFrom what lies below was told before: the chunk is read again. */
  constructor(newFrom = 0) {
    this.#newFrom = newFrom;
  }

  take(offset: number, outcome: Outcome<DriftdEvent, RejectReason>): void {
    this.records += 1;
    const isNew = offset >= this.#newFrom;
    if (isNew) this.#newRecords += 1;
    if (outcome.kind === 'ok') {
      if (outcome.value.kind === 'prediction') this.predictions += 1;
      else this.labels += 1;
    } else if (outcome.kind === 'reject') {
      this.rejected += 1;
      const { reason } = outcome;
      this.#rejects.set(reason, this.rejectedFor(reason) + 1);
      if (isNew)
        this.#newRejects.set(reason, { count: (this.#newRejects.get(reason)?.count ?? 0) + 1, offset });
    }
  }

  rejectedFor(reason: RejectReason): number {
    return this.#rejects.get(reason) ?? 0;
  }

  /** What has come since this was last asked. */
  news(): Intake {
    const news = { records: this.#newRecords, rejects: this.#newRejects };
    this.#newRecords = 0;
    this.#newRejects = new Map();
    return news;
  }
}
