import type { Millis } from './clock.ts';

const TIME = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

/** What a user may write where a time is expected; said in every message about a bad one. */
export const TIME_FORM = 'a day or a time with its zone, such as 2026-11-01 or 2026-11-01T06:00Z';

/** Reads an instant; without a time of day, the start of that day, UTC. Undefined where the text is none. */
export function parseTime(text: string): Millis | undefined {
  const time = TIME.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}
