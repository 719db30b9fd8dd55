import { describe, expect, it } from 'vitest';
import { DriftdError } from '../../src/base/errors.ts';
import { type Backoff, backoffDelay, retry } from '../../src/base/retry.ts';

const QUICK: Backoff = { base: 1, max: 2, random: () => 0 };

/** Fails with the given errors, one a call, and then succeeds. */
function failing(...errors: readonly unknown[]): () => Promise<string> {
  const left = [...errors];
  return async () => {
    const error = left.shift();
    if (error !== undefined) throw error;
    return 'done';
  };
}

const passing = (message = 'busy'): DriftdError =>
  new DriftdError('environment', message, { retryable: true });

describe('backoffDelay', () => {
  const backoff = (random: number): Backoff => ({ base: 100, max: 5_000, random: () => random });

  it('doubles with each attempt, up to the maximum', () => {
    expect([0, 1, 2, 5, 6, 100].map((attempt) => backoffDelay(backoff(1), attempt))).toEqual([
      100, 200, 400, 3_200, 5_000, 5_000,
    ]);
  });

  it('is drawn from the upper half of that', () => {
    expect(backoffDelay(backoff(0), 1)).toBe(100);
    expect(backoffDelay(backoff(0.5), 1)).toBe(150);
    expect(backoffDelay(backoff(0.999), 1)).toBe(200);
  });
});

describe('retry', () => {
  const { signal } = new AbortController();

  it('gives the result of the first attempt that succeeds', async () => {
    const attempts: number[] = [];
    const onFailure = (_: unknown, attempt: number): void => void attempts.push(attempt);
    const work = failing(passing(), passing());
    await expect(retry(work, { backoff: QUICK, signal, onFailure })).resolves.toBe('done');
    expect(attempts).toEqual([0, 1]);
  });

  it('throws at once what waiting will not mend', async () => {
    const failures: unknown[] = [];
    const onFailure = (error: unknown): void => void failures.push(error);
    for (const error of [new Error('bug'), new DriftdError('input', 'wrong'), 'text']) {
      await expect(retry(failing(error), { backoff: QUICK, signal, onFailure })).rejects.toBe(error);
    }
    expect(failures).toEqual([]);
  });

  it('does not begin when the signal has aborted', async () => {
    let calls = 0;
    const work = async (): Promise<void> => {
      calls += 1;
    };
    const reason = new Error('stopping');
    await expect(retry(work, { backoff: QUICK, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(calls).toBe(0);
  });

  it('ends its waiting when the signal aborts', async () => {
    const controller = new AbortController();
    const backoff: Backoff = { base: 3_600_000, max: 3_600_000, random: () => 0 };
    const waiting = retry(failing(passing(), passing()), {
      backoff,
      signal: controller.signal,
      onFailure: () => controller.abort(),
    });
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('lets go of an attempt that hangs when the signal aborts', async () => {
    const controller = new AbortController();
    const hanging = retry(() => new Promise<never>(() => undefined), {
      backoff: QUICK,
      signal: controller.signal,
    });
    const reason = new Error('the partition was taken away');
    controller.abort(reason);
    await expect(hanging).rejects.toBe(reason);
  });
});
