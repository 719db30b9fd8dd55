import { createTask, parse, validateDetailed } from 'node-cron';
import type { Millis } from '../base/clock.ts';

export const SCHEDULE_FORM =
  'five cron fields in UTC (minute hour day-of-month month day-of-week), such as "*/15 * * * *"';

/** By the names that node-cron gives them. */
const FIELD_NAMES: Readonly<Record<string, string>> = {
  minute: 'minute',
  hour: 'hour',
  dayOfMonth: 'day of the month',
  month: 'month',
  dayOfWeek: 'day of the week',
};

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** The longest gap between two 29ths of February is eight years. */
const SEARCH_DAYS = 8 * 366;

/**
 * Says what is wrong with a schedule, or undefined when nothing is.
 * Stricter than node-cron, which also takes a sixth field for seconds and names such as @daily.
 */
export function scheduleFault(cron: string): string | undefined {
  const fields = cron.trim().split(/\s+/);
  if (fields.length !== 5) {
    const found = cron.trim() === '' ? 'nothing' : `"${cron}", which has ${fields.length}`;
    return `expected ${SCHEDULE_FORM}, but found ${found}`;
  }
  const [error] = validateDetailed(cron).errors;
  if (error === undefined) return undefined;
  const field = FIELD_NAMES[error.field];
  const what =
    field === undefined ? `"${cron}" is no schedule` : `"${error.value}" is not valid for the ${field}`;
  return `${what}; expected ${SCHEDULE_FORM}`;
}

/**
 * The first instant of a schedule that is later than `after`. As in node-cron, day-of-month and day-of-week must both fit.
 *
 * @param cron five fields, as scheduleFault accepts them.
 * @returns undefined when there is none within eight years.
 */
export function nextInstant(cron: string, after: Millis): Millis | undefined {
  const { hour, minute } = parse(cron);
  const times = [...new Set(hour.flatMap((h) => minute.map((m) => (h * 60 + m) * MINUTE)))].sort(
    (a, b) => a - b,
  );
  const [earliest] = times;
  if (earliest === undefined) return undefined;
  // Never started: it only answers which days fit, with all of node-cron's words for days.
  const task = createTask(cron, () => undefined, { timezone: 'UTC' });
  try {
    const first = Math.floor(after / DAY) * DAY;
    for (let day = first; day <= first + SEARCH_DAYS * DAY; day += DAY) {
      if (!task.match(new Date(day + earliest))) continue;
      const time = times.find((candidate) => day + candidate > after);
      if (time !== undefined) return day + time;
    }
    return undefined;
  } finally {
    void task.destroy();
  }
}
