import type { Period } from './alert.ts';

/**
 * A period for people; the date is said twice only when it differs.
 *
 * @example periodText(hour) // '2026-11-22 08:00 to 09:00 UTC'
 */
export function periodText({ from, to }: Period): string {
  const [fromDate, fromTime] = parts(from);
  const [toDate, toTime] = parts(to);
  return `${fromDate} ${fromTime} to ${fromDate === toDate ? toTime : `${toDate} ${toTime}`} UTC`;
}

function parts(instant: number): [date: string, time: string] {
  const [date = '', time = ''] = new Date(instant).toISOString().split('T');
  return [date, time.slice(0, time.startsWith(':00', 5) ? 5 : 8)];
}
