import { setImmediate as breath } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Mutex } from '../../src/base/mutex.ts';

describe('Mutex', () => {
  it('runs sections one after another, in the order in which they asked', async () => {
    const mutex = new Mutex();
    const seen: string[] = [];
    const section = (name: string, breaths: number) => async (): Promise<string> => {
      seen.push(`${name} begins`);
      for (let i = 0; i < breaths; i += 1) await breath();
      seen.push(`${name} ends`);
      return name;
    };
    const results = await Promise.all([
      mutex.run(section('slow', 5)),
      mutex.run(section('quick', 0)),
      mutex.run(section('middling', 2)),
    ]);
    expect(results).toEqual(['slow', 'quick', 'middling']);
    expect(seen).toEqual(['slow', 'quick', 'middling'].flatMap((name) => [`${name} begins`, `${name} ends`]));
  });

  it('tells a failure to whoever asked for the section, and goes on', async () => {
    const mutex = new Mutex();
    const failing = mutex.run(async () => {
      throw new Error('broken');
    });
    const next = mutex.run(async () => 'fine');
    await expect(failing).rejects.toThrow('broken');
    await expect(next).resolves.toBe('fine');
    await expect(mutex.run(async () => 'still fine')).resolves.toBe('still fine');
  });
});
