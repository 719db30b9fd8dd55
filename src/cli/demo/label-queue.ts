import type { Millis } from '../../base/clock.ts';
import type { FraudClass } from './fraud-model.ts';

export interface PendingLabel {
  readonly at: Millis;
  /** Number of the prediction; parts labels of the same instant. */
  readonly index: number;
  readonly label: FraudClass;
}

/** Labels on their way, the earliest first (a binary heap). */
export class LabelQueue {
  readonly #heap: PendingLabel[] = [];

  /** When the next label arrives; infinity when none is on its way. */
  get nextAt(): Millis {
    return this.#heap[0]?.at ?? Number.POSITIVE_INFINITY;
  }

  push(label: PendingLabel): void {
    const heap = this.#heap;
    let child = heap.length;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      const above = heap[parent] as PendingLabel;
      if (!isBefore(label, above)) break;
      heap[child] = above;
      child = parent;
    }
    heap[child] = label;
  }

  pop(): PendingLabel | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return first;
    let parent = 0;
    for (;;) {
      let child = 2 * parent + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1] as PendingLabel, heap[child] as PendingLabel))
        child += 1;
      if (!isBefore(heap[child] as PendingLabel, last)) break;
      heap[parent] = heap[child] as PendingLabel;
      parent = child;
    }
    heap[parent] = last;
    return first;
  }
}

function isBefore(a: PendingLabel, b: PendingLabel): boolean {
  return a.at < b.at || (a.at === b.at && a.index < b.index);
}
