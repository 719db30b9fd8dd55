import type { Millis } from '../base/clock.ts';
import type { Period } from '../rules/alert.ts';

/** Times are ISO 8601 in UTC; periods are half-open. */
export interface PeriodBody {
  readonly from: string;
  readonly to: string;
}

export function periodBody({ from, to }: Period): PeriodBody {
  return { from: isoTime(from), to: isoTime(to) };
}

export function isoTime(instant: Millis): string {
  return new Date(instant).toISOString();
}
