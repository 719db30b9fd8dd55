import { z } from 'zod';

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];

/** Whole numbers from `first` to `last`, both included. */
export interface Span {
  readonly first: number;
  readonly last: number;
}

/** `a` or `a:b`, where `read` knows what an end may be. */
function span(form: string, read: (text: string) => number | undefined) {
  return z.string().transform((text, context): Span => {
    const [from = '', to = from, ...more] = text.toLowerCase().split(':');
    const first = read(from.trim());
    const last = read(to.trim());
    if (more.length === 0 && first !== undefined && last !== undefined) return { first, last };
    context.addIssue({ code: 'custom', message: `must be ${form}` });
    return z.NEVER;
  });
}

function ascending({ first, last }: Span): boolean {
  return first <= last;
}

const ORDER = 'ends before it begins';

function wholeNumber(text: string, least: number, most: number): number | undefined {
  if (!/^-?\d+$/.test(text)) return undefined;
  const value = Number(text);
  return value >= least && value <= most ? value : undefined;
}

const weekdays = span('a weekday such as saturday, or a range such as monday:friday', (text) => {
  const index = WEEKDAYS.indexOf(text);
  return index === -1 ? undefined : index;
}).refine(ascending, `${ORDER}; the week begins on sunday`);

const months = span('a month such as may or 5, or a range such as march:may', (text) => {
  const index = MONTHS.indexOf(text);
  return index === -1 ? wholeNumber(text, 1, 12) : index + 1;
}).refine(ascending, ORDER);

const years = span('a year such as 2026, or a range such as 2026:2028', (text) =>
  wholeNumber(text, 1970, 9999),
).refine(ascending, ORDER);

const daysOfMonth = span(
  'a day from 1 to 31, or from -31 to -1 to count from the end, or a range such as 1:7 or -3:-1',
  (text) => {
    const day = wholeNumber(text, -31, 31);
    return day === 0 ? undefined : day;
  },
)
  .refine(({ first, last }) => first > 0 || last < 0, 'must end with a negative day when it begins with one')
  // What 1:-31 means differs from month to month; what it can never mean is told.
  .refine(({ first, last }) => first < 0 !== last < 0 || first <= last, ORDER);

/** Minutes since midnight. */
const timeOfDay = z.string().transform((text, context) => {
  const parts = /^(\d\d):(\d\d)$/.exec(text);
  const [hours, minutes] = [Number(parts?.[1]), Number(parts?.[2])];
  const time = hours * 60 + minutes;
  if (parts !== null && minutes < 60 && time <= 24 * 60) return time;
  context.addIssue({ code: 'custom', message: 'must be a time of day from 00:00 to 24:00' });
  return z.NEVER;
});

const timeRange = z
  .strictObject({
    start_time: timeOfDay.describe('When it begins, such as 09:00.'),
    end_time: timeOfDay.describe('When it is over, such as 17:00; at most 24:00.'),
  })
  .refine(({ start_time, end_time }) => start_time < end_time, {
    error: 'ends before it begins; write one that goes past midnight as two',
    path: ['end_time'],
  });

const location = z
  .string()
  .refine(isTimeZone, 'must be a time zone such as Europe/Berlin')
  .default('UTC')
  .describe('The time zone of all that stands beside it, by its IANA name.');

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

const intervalSchema = z.strictObject({
  times: z.array(timeRange).optional().describe('Times of day. Default: all day.'),
  weekdays: z.array(weekdays).optional().describe('Days of the week: saturday, or monday:friday.'),
  days_of_month: z
    .array(daysOfMonth)
    .optional()
    .describe('Days of the month: 1:7, or -3:-1 for the last three.'),
  months: z.array(months).optional().describe('Months: december, 12, or june:august.'),
  years: z.array(years).optional().describe('Years: 2026, or 2026:2028.'),
  location,
});

export const timeIntervalSchema = z.strictObject({
  name: z.string().min(1).describe('The unique name, which routes refer to.'),
  time_intervals: z
    .array(intervalSchema)
    .describe('It is time when one of these fits; one fits when all that it names does.'),
});

export type TimeIntervalOptions = z.output<typeof timeIntervalSchema>;
export type IntervalOptions = z.output<typeof intervalSchema>;
