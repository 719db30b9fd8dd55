import { z } from 'zod';
import type { Millis } from '../base/clock.ts';
import { parseDuration } from '../base/duration.ts';

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

/**
 * What is remembered of the messages so far, by the generic cell rate algorithm (a leaky bucket that is one number): when they
 * would have been through, had they been sent at equal distances.
 */
export type Level = Millis;

export const NOTHING_SENT: Level = Number.NEGATIVE_INFINITY;

/** The instant from which on the next message may be sent. */
export function readyAt(level: Level, { count, per }: Rate): Millis {
  return level - (per - per / count);
}

/** The level after one message more. */
export function afterMessage(level: Level, { count, per }: Rate, now: Millis): Level {
  return Math.max(level, now) + per / count;
}
