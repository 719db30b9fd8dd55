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
  readonly #rejects = new Map<RejectReason, RejectTally>();
  #told: Intake = { records: 0, rejects: new Map() };

  take(offset: number, outcome: Outcome<DriftdEvent, RejectReason>): void {
    this.records += 1;
    if (outcome.kind === 'ok') {
      if (outcome.value.kind === 'prediction') this.predictions += 1;
      else this.labels += 1;
    } else if (outcome.kind === 'reject') {
      this.rejected += 1;
      this.#rejects.set(outcome.reason, { count: this.rejectedFor(outcome.reason) + 1, offset });
    }
  }

  rejectedFor(reason: RejectReason): number {
    return this.#rejects.get(reason)?.count ?? 0;
  }

  /** What has come since this was last asked. */
  news(): Intake {
    const rejects = new Map<RejectReason, RejectTally>();
    for (const [reason, { count, offset }] of this.#rejects) {
      const more = count - (this.#told.rejects.get(reason)?.count ?? 0);
      if (more > 0) rejects.set(reason, { count: more, offset });
    }
    const news = { records: this.records - this.#told.records, rejects };
    this.#told = { records: this.records, rejects: new Map(this.#rejects) };
    return news;
  }
}
