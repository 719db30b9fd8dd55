import type { Millis } from './clock.ts';
import { isRetryable } from './errors.ts';

export interface EveryOptions {
  readonly interval: Millis;
  /** Aborted, it explains whatever the work throws. */
  readonly signal: AbortSignal;
  /** What neither passes by itself nor comes of the abort. */
  readonly onFatal: (error: unknown) => void;
}

/** Does the work at an interval, and never twice at a time; what may pass by itself is tried again with the next. Returns what ends it. */
export function every(options: EveryOptions, work: () => Promise<void>): () => void {
  const { interval, signal, onFatal } = options;
  let busy = false;
  const run = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    try {
      await work();
    } catch (error) {
      if (!signal.aborted && !isRetryable(error)) onFatal(error);
    } finally {
      busy = false;
    }
  };
  const timer = setInterval(() => void run(), interval);
  return () => clearInterval(timer);
}
