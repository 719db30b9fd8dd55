import type { Millis } from './clock.ts';
import { isRetryable } from './errors.ts';

export interface WorkOptions {
  /** Aborted, it explains whatever the work throws. */
  readonly signal: AbortSignal;
  /** What neither passes by itself nor comes of the abort. */
  readonly onFatal: (error: unknown) => void;
}

export interface EveryOptions extends WorkOptions {
  readonly interval: Millis;
}

/** Does the work once; what may pass by itself is left for another time. Never rejects. */
export async function once({ signal, onFatal }: WorkOptions, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!signal.aborted && !isRetryable(error)) onFatal(error);
  }
}

/** Does the work at an interval, and never twice at a time; what may pass by itself is tried again with the next. Returns what ends it. */
export function every(options: EveryOptions, work: () => Promise<void>): () => void {
  let busy = false;
  const run = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    await once(options, work);
    busy = false;
  };
  const timer = setInterval(() => void run(), options.interval);
  return () => clearInterval(timer);
}
