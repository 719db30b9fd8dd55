import type { Millis } from '../base/clock.ts';

/** An instant as ClickHouse reads a DateTime64(3, 'UTC') in JSON. */
export function sqlTime(instant: Millis): string {
  return new Date(instant).toISOString().replace('T', ' ').slice(0, 23);
}

/** SQL that gives a DateTime64(3) column back as milliseconds since 1970. */
export function millisOf(column: string): string {
  return `toUnixTimestamp64Milli(${column})`;
}
