import type { Availability } from '../base/availability.ts';
import { isRetryable } from '../base/errors.ts';
import { type Backoff, retry } from '../base/retry.ts';

/** Runs store calls, and waits while the store is away: nothing is skipped, and each outage is told once. */
export type Patience = <T>(work: () => Promise<T>, signal: AbortSignal) => Promise<T>;

export function createPatience(availability: Availability, backoff: Backoff): Patience {
  return async (work, signal) => {
    const result = await retry(
      async () => {
        try {
          return await work();
        } catch (error) {
          // What waiting does not mend is no outage: it goes up to whoever stops driftd.
          if (isRetryable(error)) availability.down(error);
          throw error;
        }
      },
      { backoff, signal },
    );
    availability.up();
    return result;
  };
}
