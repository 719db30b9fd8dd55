import type { Availability } from '../base/availability.ts';
import { isRetryable } from '../base/errors.ts';
import { type Backoff, retry } from '../base/retry.ts';

/** Runs store calls, and waits while the store is away: nothing is skipped, and each outage is told once. */
export type Patience = <T>(work: () => Promise<T>, signal: AbortSignal) => Promise<T>;

export function createPatience(availability: Availability, backoff: Backoff): Patience {
  let successes = 0;
  return async (work, signal) => {
    let excused = false;
    const result = await retry(
      async () => {
        const before = successes;
        try {
          return await work();
        } catch (error) {
          // What waiting does not mend is no outage: it goes up to whoever stops driftd. And what was asked during an outage, and
          // fails when others have been answered again, is no new one, unless it fails once more.
          if (isRetryable(error)) {
            const overtaken = successes !== before;
            if (!overtaken || excused) availability.down(error);
            excused ||= overtaken;
          }
          throw error;
        }
      },
      { backoff, signal },
    );
    successes += 1;
    availability.up();
    return result;
  };
}
