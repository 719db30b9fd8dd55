import { setImmediate as breathe } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Steps } from '../../src/base/steps.ts';
import { Turns } from '../../src/pipeline/turns.ts';

function* steps(count: number): Steps<string> {
  for (let i = 0; i < count; i += 1) yield;
  return 'done';
}

describe('work in turns', () => {
  it('pauses after each step that takes as long as a turn may', async () => {
    let pauses = 0;
    const turns = new Turns({
      longest: 0,
      breathe: async () => {
        pauses += 1;
      },
    });
    expect(await turns.drive(steps(7))).toBe('done');
    expect(pauses).toBe(7);
  });

  it('goes on without a pause within a turn', async () => {
    const turns = new Turns({
      longest: Number.POSITIVE_INFINITY,
      breathe: () => Promise.reject(new Error('no pause was due')),
    });
    expect(turns.isOver()).toBe(false);
    expect(await turns.drive(steps(1_000))).toBe('done');
  });

  it('lets timers and input of the process go on', async () => {
    let ticks = 0;
    const timer = setInterval(() => {
      ticks += 1;
    }, 0);
    const turns = new Turns({ longest: 0 });
    while (ticks < 3) await turns.drive(steps(10));
    clearInterval(timer);
    expect(ticks).toBeGreaterThanOrEqual(3);
  });

  it('ends at the next pause when it is not wanted any more, with the reason', async () => {
    const controller = new AbortController();
    const turns = new Turns({ longest: 0, signal: controller.signal });
    const work = turns.drive(steps(Number.POSITIVE_INFINITY));
    await breathe();
    controller.abort(new Error('driftd stops'));
    await expect(work).rejects.toThrow('driftd stops');
  });
});
