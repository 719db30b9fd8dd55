import type { Outcome } from '../base/outcome.ts';
import { type DriftdEvent, REJECT_REASONS, type RejectReason } from '../event/events.ts';
import type { Bound } from '../telemetry/bounds.ts';

/** What became of some records, counted here first: a metric costs more than a record. */
export class OutcomeTally {
  predictions = 0;
  labels = 0;
  late = 0;
  readonly rejects = new Map<RejectReason, number>();
  readonly #overflows = new Map<Bound, number>();

  add(outcome: Outcome<DriftdEvent, RejectReason>): void {
    if (outcome.kind === 'ok') {
      if (outcome.value.kind === 'prediction') this.predictions += 1;
      else this.labels += 1;
    } else if (outcome.kind === 'reject') {
      this.rejects.set(outcome.reason, (this.rejects.get(outcome.reason) ?? 0) + 1);
    }
  }

  /** Counts what went beyond a bound. */
  overflow(bound: Bound): void {
    this.#overflows.set(bound, (this.#overflows.get(bound) ?? 0) + 1);
  }

  /** Hands over what was counted since the last time. */
  drain(tell: {
    readonly event: (kind: DriftdEvent['kind'], count: number) => void;
    readonly reject: (reason: RejectReason, count: number) => void;
    readonly late: (count: number) => void;
    readonly overflow: (bound: Bound, count: number) => void;
  }): void {
    if (this.predictions > 0) tell.event('prediction', this.predictions);
    if (this.labels > 0) tell.event('label', this.labels);
    if (this.late > 0) tell.late(this.late);
    for (const reason of REJECT_REASONS) {
      const count = this.rejects.get(reason);
      if (count !== undefined) tell.reject(reason, count);
    }
    for (const [bound, count] of this.#overflows) tell.overflow(bound, count);
    this.predictions = 0;
    this.labels = 0;
    this.late = 0;
    this.rejects.clear();
    this.#overflows.clear();
  }
}
