import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { WriteQueue } from '../../src/pipeline/write-queue.ts';

const failing = async (): Promise<void> => {
  throw new Error('on purpose');
};

describe('the writes of a partition', () => {
  it('go one after another, in the order in which they were asked for', async () => {
    const queue = new WriteQueue();
    const steps: string[] = [];
    const write = (name: string) => async (): Promise<void> => {
      steps.push(`${name} begins`);
      await Promise.resolve();
      steps.push(`${name} ends`);
    };
    void queue.add(write('first'));
    await queue.add(write('second'));
    expect(steps).toEqual(['first begins', 'first ends', 'second begins', 'second ends']);
  });

  it('end with the first that fails: nothing is written behind rows that are lost', async () => {
    const queue = new WriteQueue();
    const steps: string[] = [];
    const failed = queue.add(failing);
    const behind = queue.add(async () => {
      steps.push('written');
    });
    await expect(failed).rejects.toThrow('on purpose');
    await expect(behind).rejects.toThrow('on purpose');
    await expect(queue.add(async () => undefined)).rejects.toThrow('on purpose');
    expect(steps).toEqual([]);
    expect(() => queue.throwIfFailed()).toThrow('on purpose');
  });

  it('are waited for when they take long, and not before', async () => {
    const queue = new WriteQueue();
    await queue.unlessSlow(0);
    let end = (): void => undefined;
    void queue.add(
      () =>
        new Promise((resolve) => {
          end = resolve;
        }),
    );
    await queue.unlessSlow(60_000);
    await sleep(5);
    const slow = queue.unlessSlow(1).then(() => 'all written');
    expect(await Promise.race([slow, sleep(20, 'waits')])).toBe('waits');
    end();
    expect(await slow).toBe('all written');
    await queue.unlessSlow(0);
  });

  it('may fail while nobody looks, and are told of later', async () => {
    const queue = new WriteQueue();
    void queue.add(failing);
    await queue.idle();
    expect(() => queue.throwIfFailed()).toThrow('on purpose');
  });
});
