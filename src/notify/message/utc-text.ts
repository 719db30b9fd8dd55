import type { Millis } from '../../base/clock.ts';
import type { Period } from '../../rules/alert.ts';

/**
 * An instant for people.
 *
 * @example instantText(Date.UTC(2026, 10, 22, 8)) // '2026-11-22 08:00 UTC'
 */
export function instantText(instant: Millis): string {
  return `${dateText(instant)} ${timeText(instant)} UTC`;
}

/**
 * A period for people; the date is said twice only when it differs.
 *
 * @example '2026-11-22 08:00 to 09:00 UTC'
 */
export function periodText({ from, to }: Period): string {
  const end = dateText(from) === dateText(to) ? timeText(to) : `${dateText(to)} ${timeText(to)}`;
  return `${dateText(from)} ${timeText(from)} to ${end} UTC`;
}

function dateText(instant: Millis): string {
  return new Date(instant).toISOString().slice(0, 10);
}

function timeText(instant: Millis): string {
  const time = new Date(instant).toISOString().slice(11, 19);
  return time.endsWith(':00') ? time.slice(0, 5) : time;
}
