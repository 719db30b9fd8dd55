import type { Millis } from '../base/clock.ts';
import type { IntervalOptions, Span, TimeIntervalOptions } from './time-interval-options.ts';

/** A named time, such as nights and weekends in Berlin. */
export interface TimeInterval {
  readonly name: string;
  contains(instant: Millis): boolean;
}

export function timeInterval({ name, time_intervals }: TimeIntervalOptions): TimeInterval {
  const tests = time_intervals.map(intervalTest);
  return { name, contains: (instant) => tests.some((test) => test(instant)) };
}

/** What a clock and a calendar on the wall show. */
interface LocalTime {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  /** 0 is Sunday. */
  readonly weekday: number;
  /** Minutes since midnight. */
  readonly minute: number;
}

function intervalTest(options: IntervalOptions): (instant: Millis) => boolean {
  const localTime = localTimeIn(options.location);
  const within = (spans: readonly Span[] | undefined, value: number): boolean =>
    spans === undefined || spans.some(({ first, last }) => value >= first && value <= last);
  return (instant) => {
    const { year, month, day, weekday, minute } = localTime(instant);
    return (
      (options.times === undefined ||
        options.times.some(({ start_time, end_time }) => minute >= start_time && minute < end_time)) &&
      within(options.weekdays, weekday) &&
      within(options.days_of_month?.map(daysIn(year, month)), day) &&
      within(options.months, month) &&
      within(options.years, year)
    );
  };
}

/** Days that count from the end of the month become days that count from its start. */
function daysIn(year: number, month: number): (span: Span) => Span {
  const days = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const dayOf = (day: number): number => (day < 0 ? days + 1 + day : day);
  return ({ first, last }) => ({ first: dayOf(first), last: dayOf(last) });
}

function localTimeIn(timeZone: string): (instant: Millis) => LocalTime {
  const format = new Intl.DateTimeFormat('en-u-ca-gregory-nu-latn', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  return (instant) => {
    const parts = new Map(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
    const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? Number.NaN;
    const [year, month, day] = [part('year'), part('month'), part('day')];
    return {
      year,
      month,
      day,
      weekday: new Date(Date.UTC(year, month - 1, day)).getUTCDay(),
      minute: part('hour') * 60 + part('minute'),
    };
  };
}
