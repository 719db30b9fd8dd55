import { afterEach, beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { DriftdError } from '../../src/base/errors.ts';
import { every } from '../../src/base/every.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function begin(work: () => Promise<void>) {
  const over = new AbortController();
  const fatal: unknown[] = [];
  const end = every({ interval: 100, signal: over.signal, onFatal: (error) => fatal.push(error) }, work);
  onTestFinished(end);
  return { over, fatal, end };
}

it('does the work at each interval, until it is ended', async () => {
  let done = 0;
  const { end } = begin(async () => {
    done += 1;
  });
  await vi.advanceTimersByTimeAsync(350);
  expect(done).toBe(3);
  end();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(done).toBe(3);
});

it('does not begin while the time before still works', async () => {
  let begun = 0;
  let finish = (): void => undefined;
  begin(() => {
    begun += 1;
    return new Promise((resolve) => {
      finish = resolve;
    });
  });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(begun).toBe(1);
  finish();
  await vi.advanceTimersByTimeAsync(100);
  expect(begun).toBe(2);
});

it('tries again what may pass by itself, and tells of everything else', async () => {
  const failures = [
    new DriftdError('environment', 'the store is away', { retryable: true }),
    new DriftdError('environment', 'the disk is full'),
    new TypeError('no such property'),
  ];
  const left = [...failures];
  const { fatal } = begin(async () => {
    const error = left.shift();
    if (error !== undefined) throw error;
  });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(fatal).toEqual(failures.slice(1));
});

it('says nothing of what is thrown once it is over', async () => {
  const { over, fatal } = begin(async () => {
    throw new TypeError('the lease has ended');
  });
  over.abort();
  await vi.advanceTimersByTimeAsync(300);
  expect(fatal).toEqual([]);
});
