import { expect, it } from 'vitest';
import { within } from '../../src/base/within.ts';

it('gives what the work gives, or throws what it throws', async () => {
  expect(await within(60_000, Promise.resolve(7))).toBe(7);
  await expect(within(60_000, Promise.reject(new Error('broken')))).rejects.toThrow('broken');
});

it('waits no longer than it may, whatever becomes of the work later', async () => {
  let fail = (_: Error): void => undefined;
  const work = new Promise<never>((_, reject) => {
    fail = reject;
  });
  await expect(within(5, work)).rejects.toThrow('still not done after 5 ms');
  fail(new Error('too late to matter'));
});
