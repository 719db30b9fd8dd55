import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BlurQueue } from '../../src/profile/blur-queue.ts';

describe('a queue of cells', () => {
  it('has the one with the most blur first, and among equals the one that came first', () => {
    const blurs = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 40 });
    const splits = fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 9 })));
    fc.assert(
      fc.property(blurs, splits, (first, steps) => {
        const cells = first.map((blur, i) => ({ blur, name: String(i) }));
        const queue = new BlurQueue(cells);
        for (const [i, [replaced, added]] of steps.entries()) {
          const most = Math.max(...cells.map(({ blur }) => blur));
          const worst = cells.findIndex(({ blur }) => blur === most);
          expect(queue.first).toBe(cells[worst]);
          cells[worst] = { blur: replaced, name: `replaced ${i}` };
          queue.replaceFirst(cells[worst]);
          cells.push({ blur: added, name: `added ${i}` });
          queue.add(cells.at(-1) as (typeof cells)[number]);
        }
      }),
    );
  });
});
