import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrequentItems } from '../../../src/stats/frequent/frequent-items.ts';

describe('frequent items', () => {
  it('are held as long as there is room', () => {
    const frequent = new FrequentItems(2);
    expect(['a', 'b', 'a'].map((item) => frequent.offer(item))).toEqual([1, 1, 2]);
    expect(frequent.isCrowded).toBe(false);
    expect(['c', 'a'].map((item) => frequent.offer(item))).toEqual([0, 2]);
    expect(frequent.isCrowded).toBe(true);
    expect(['a', 'b', 'c'].map((item) => frequent.has(item))).toEqual([true, false, false]);
  });

  it('are held whatever comes between them, when they are frequent enough', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(30), { maxLength: 300 }),
        fc.integer({ min: 1, max: 8 }),
        (items, capacity) => {
          const frequent = new FrequentItems(capacity);
          for (const item of items) frequent.offer(String(item));
          const counts = new Map<number, number>();
          for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
          let held = 0;
          for (const [item, count] of counts) {
            if (count > items.length / (capacity + 1)) expect(frequent.has(String(item))).toBe(true);
            if (frequent.has(String(item))) held += 1;
          }
          expect(held).toBeLessThanOrEqual(capacity);
        },
      ),
    );
  });
});
