import type { Clock, Millis } from '../../base/clock.ts';
import { formatDuration } from '../../base/duration.ts';
import { DriftdError } from '../../base/errors.ts';

/**
 * When the group last heard of this instance. A process that stood still for longer than a session has lost its partitions
 * to others, and goes on as if nothing were: it learns of its loss with the next heartbeat. By the clock it can know at once.
 */
export class Membership {
  readonly #sessionTimeout: Millis;
  readonly #clock: Clock;
  #heardAt: Millis = Number.NEGATIVE_INFINITY;

  constructor(sessionTimeout: Millis, clock: Clock) {
    this.#sessionTimeout = sessionTimeout;
    this.#clock = clock;
  }

  /** To be called when the group has answered. */
  heard(): void {
    this.#heardAt = this.#clock.now();
  }

  /** @throws DriftdError when another instance may own by now what this one owns. Worth another try: the group will tell. */
  assertCurrent(): void {
    if (this.#clock.now() - this.#heardAt < this.#sessionTimeout) return;
    throw new DriftdError(
      'environment',
      `the consumer group has not heard of this instance for ${formatDuration(this.#sessionTimeout)} or longer`,
      { retryable: true },
    );
  }
}
