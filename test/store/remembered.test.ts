import { describe, expect, it } from 'vitest';
import type { Store } from '../../src/store/client.ts';
import { remembered } from '../../src/store/remembered.ts';
import { WriteCounts } from '../../src/store/write-counts.ts';

function counted(written: WriteCounts | undefined) {
  const store = (written && { writes: (tables: readonly string[]) => written.of(tables) }) ?? {};
  const asked: number[] = [];
  const ask = remembered(store as Store, ['silences', 'metrics'], async (instant: number) => {
    asked.push(instant);
    return asked.length;
  });
  return { ask, asked };
}

describe('an answer of the store', () => {
  it('is remembered until one of its tables is written to, or something else is asked', async () => {
    const written = new WriteCounts();
    const { ask, asked } = counted(written);
    expect([await ask(1), await ask(1)]).toEqual([1, 1]);
    written.note('labels');
    expect(await ask(1)).toBe(1);
    written.note('metrics');
    expect([await ask(1), await ask(1), await ask(2)]).toEqual([2, 2, 3]);
    // A statement that may have written to anything.
    written.note();
    expect(await ask(2)).toBe(4);
    expect(asked).toEqual([1, 1, 2, 2]);
  });

  it('is asked for anew when a write ended while it was on its way', async () => {
    const written = new WriteCounts();
    const { ask } = counted(written);
    const first = ask(1);
    written.note('silences');
    expect([await first, await ask(1), await ask(1)]).toEqual([1, 2, 2]);
  });

  it('is never remembered where others write as well', async () => {
    const { ask } = counted(undefined);
    expect([await ask(1), await ask(1)]).toEqual([1, 2]);
  });

  it('is not remembered when there was none', async () => {
    const written = new WriteCounts();
    const store = { writes: (tables: readonly string[]) => written.of(tables) } as Store;
    let calls = 0;
    const ask = remembered(store, ['silences'], async () => {
      calls += 1;
      if (calls === 1) throw new Error('the store is away');
      return calls;
    });
    await expect(ask()).rejects.toThrow('away');
    expect([await ask(), await ask()]).toEqual([2, 2]);
  });
});
