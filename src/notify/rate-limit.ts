import { z } from 'zod';
import type { Millis } from '../base/clock.ts';
import { formatDuration, parseDuration } from '../base/duration.ts';

/** `count` messages in each `per`, all at once or spread out; what was not used before allows no more than that at once. */
export interface Rate {
  readonly count: number;
  readonly per: Millis;
}

const RATE_FORM = 'a number of messages and a duration, such as 1/1s or 30/1m';

export const rateSchema = z.string().transform((text, context) => {
  const [, digits, span] = /^(\d{1,6})\/(.+)$/.exec(text) ?? [];
  const rate = { count: Number(digits ?? 0), per: parseDuration(span ?? '') ?? 0 };
  if (rate.count > 0 && rate.per > 0) return rate;
  context.addIssue({ code: 'custom', message: `"${text}" is no rate; expected ${RATE_FORM}` });
  return z.NEVER;
});

export function formatRate({ count, per }: Rate): string {
  return `${count}/${formatDuration(per)}`;
}

/**
 * Counts messages by the generic cell rate algorithm (a leaky bucket that is one number): `level` is when the messages so
 * far would have been through, had they been sent at equal distances.
 */
export class RateLimiter {
  readonly #interval: Millis;
  readonly #burst: Millis;
  #level: Millis = Number.NEGATIVE_INFINITY;

  constructor({ count, per }: Rate) {
    this.#interval = per / count;
    this.#burst = per - this.#interval;
  }

  /** The instant from which on the next message may be sent. */
  readyAt(): Millis {
    return this.#level - this.#burst;
  }

  /** Counts one message that is sent now. */
  count(now: Millis): void {
    this.#level = Math.max(this.#level, now) + this.#interval;
  }
}
