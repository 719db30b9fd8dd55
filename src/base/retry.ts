import { setTimeout as sleep } from 'node:timers/promises';
import type { Millis } from './clock.ts';
import { isRetryable } from './errors.ts';

/** Exponential back-off with jitter: each wait is drawn from the upper half of [0, min(max, base * 2^attempt)]. */
export interface Backoff {
  readonly base: Millis;
  readonly max: Millis;
  /** A number in [0, 1); injected so that a test can fix it. */
  readonly random: () => number;
}

export function backoffDelay(backoff: Backoff, attempt: number): Millis {
  const ceiling = Math.min(backoff.max, backoff.base * 2 ** Math.min(attempt, 30));
  return Math.round(ceiling * (0.5 + backoff.random() / 2));
}

export interface RetryOptions {
  readonly backoff: Backoff;
  readonly signal: AbortSignal;
  /** Called once per failed attempt; whoever logs must log state changes only, not every call. */
  readonly onFailure?: (error: unknown, attempt: number) => void;
}

/**
 * Runs `work` until it succeeds, throws something that waiting will not mend, or the signal aborts. When it aborts, an
 * attempt that hangs is waited for no longer; it may still succeed.
 */
export async function retry<T>(work: () => Promise<T>, options: RetryOptions): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    options.signal.throwIfAborted();
    try {
      return await unlessAborted(work(), options.signal);
    } catch (error) {
      if (!isRetryable(error)) throw error;
      options.onFailure?.(error, attempt);
      await sleep(backoffDelay(options.backoff, attempt), undefined, { signal: options.signal });
    }
  }
}

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const letGo = (): void => reject(signal.reason);
    signal.addEventListener('abort', letGo, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', letGo));
  });
}
