import { setTimeout as sleep } from 'node:timers/promises';

export interface PollOptions {
  readonly timeoutMs: number;
  readonly everyMs?: number;
  /** What is waited for, for the message when it does not come. */
  readonly what: string;
}

/** Asks again and again until `ask` gives something other than undefined; an exception from it ends the wait. */
export async function poll<T>(
  ask: () => T | undefined | Promise<T | undefined>,
  options: PollOptions,
): Promise<T> {
  const end = performance.now() + options.timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() >= end) throw new Error(`no ${options.what} after ${options.timeoutMs} ms`);
    await sleep(options.everyMs ?? 25);
  }
}
