import type { Millis } from '../base/clock.ts';

/** What a DateTime64(3) can hold. A log may stamp its records with anything, and must not stop the stream with it. */
const FIRST: Millis = Date.UTC(1900, 0, 1);
const LAST: Millis = Date.UTC(2300, 0, 1) - 1;

/** An instant as ClickHouse reads a DateTime64(3, 'UTC') in JSON; the nearest one it can hold. */
export function sqlTime(instant: Millis): string {
  const held = Math.min(Math.max(instant, FIRST), LAST);
  return new Date(held).toISOString().replace('T', ' ').slice(0, 23);
}

/** SQL that gives a DateTime64(3) column back as milliseconds since 1970. */
export function millisOf(column: string): string {
  return `toUnixTimestamp64Milli(${column})`;
}
