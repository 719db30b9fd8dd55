import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LabelQueue, type PendingLabel } from '../../../src/cli/demo/label-queue.ts';

describe('the queue of labels', () => {
  it('gives them by time, and by number where the time is the same, whatever goes in between', () => {
    const steps = fc.array(fc.option(fc.integer({ min: 0, max: 20 })), { maxLength: 200 });
    fc.assert(
      fc.property(steps, (times) => {
        const queue = new LabelQueue();
        let waiting: PendingLabel[] = [];
        for (const [index, at] of times.entries()) {
          if (at === null) {
            expect(queue.nextAt).toBe(waiting[0]?.at ?? Number.POSITIVE_INFINITY);
            expect(queue.pop()).toEqual(waiting.shift());
          } else {
            const label: PendingLabel = { at, index, label: 'ok' };
            queue.push(label);
            waiting = [...waiting, label].sort((a, b) => a.at - b.at || a.index - b.index);
          }
        }
        for (const label of waiting) expect(queue.pop()).toEqual(label);
        expect(queue.pop()).toBeUndefined();
      }),
    );
  });
});
