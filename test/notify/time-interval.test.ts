import { describe, expect, it } from 'vitest';
import { timeInterval } from '../../src/notify/time-interval.ts';
import { timeIntervalSchema } from '../../src/notify/time-interval-options.ts';

function intervalOf(...time_intervals: object[]) {
  return timeInterval(timeIntervalSchema.parse({ name: 'x', time_intervals }));
}

function faultsOf(interval: object): string[] {
  const { error } = timeIntervalSchema.safeParse({ name: 'x', time_intervals: [interval] });
  return (error?.issues ?? []).map(({ path, message }) => `${path.slice(2).join('.')}: ${message}`);
}

const BUSINESS = { weekdays: ['monday:friday'], times: [{ start_time: '09:00', end_time: '17:00' }] };

describe('a time interval', () => {
  // 22 November 2026 is a Sunday.
  it.each<[string, object, string, boolean]>([
    ['begins at its start', BUSINESS, '2026-11-23T09:00:00Z', true],
    ['ends before its end', BUSINESS, '2026-11-23T16:59:59.999Z', true],
    ['is over at its end', BUSINESS, '2026-11-23T17:00:00Z', false],
    ['keeps to its weekdays', BUSINESS, '2026-11-22T12:00:00Z', false],
    ['knows saturday for the last day of the week', { weekdays: ['saturday'] }, '2026-11-21T00:00:00Z', true],
    [
      'runs to the end of the day at 24:00',
      { times: [{ start_time: '22:00', end_time: '24:00' }] },
      '2026-11-22T23:59:00Z',
      true,
    ],
    ['takes several spans', { weekdays: ['sunday', 'wednesday'] }, '2026-11-22T00:00:00Z', true],
    ['reads times in its own zone', { ...BUSINESS, location: 'Europe/Berlin' }, '2026-11-23T08:00:00Z', true],
    [
      'reads weekdays in its own zone',
      { weekdays: ['monday'], location: 'Asia/Tokyo' },
      '2026-11-22T15:00:00Z',
      true,
    ],
    ['follows summer time', { ...BUSINESS, location: 'Europe/Berlin' }, '2026-07-06T07:00:00Z', true],
    ['counts days from the end of the month', { days_of_month: ['-3:-1'] }, '2026-11-28T12:00:00Z', true],
    [
      'counts days from the end of this very month',
      { days_of_month: ['-3:-1'] },
      '2026-12-28T12:00:00Z',
      false,
    ],
    ['knows leap years', { days_of_month: ['-1'] }, '2028-02-29T12:00:00Z', true],
    ['counts days from both ends', { days_of_month: ['15:-1'] }, '2026-11-14T12:00:00Z', false],
    ['knows months by name', { months: ['june:august'] }, '2026-08-31T12:00:00Z', true],
    ['knows months by number', { months: ['6:8'] }, '2026-09-01T12:00:00Z', false],
    ['keeps to its years', { years: ['2027:2028'] }, '2026-11-22T12:00:00Z', false],
    ['is always when it names nothing', {}, '2026-11-22T12:00:00Z', true],
  ])('%s', (_, interval, instant, expected) => {
    expect(intervalOf(interval).contains(Date.parse(instant))).toBe(expected);
  });

  it('is when one of its parts is, and never when it has none', () => {
    const both = intervalOf(
      { weekdays: ['saturday'] },
      { times: [{ start_time: '00:00', end_time: '06:00' }] },
    );
    expect(both.contains(Date.parse('2026-11-21T12:00:00Z'))).toBe(true);
    expect(both.contains(Date.parse('2026-11-23T05:00:00Z'))).toBe(true);
    expect(both.contains(Date.parse('2026-11-23T06:00:00Z'))).toBe(false);
    expect(intervalOf().contains(0)).toBe(false);
  });

  it.each<[object, string]>([
    [{ weekdays: ['friday:monday'] }, 'weekdays.0: ends before it begins; the week begins on sunday'],
    [
      { weekdays: ['mon'] },
      'weekdays.0: must be a weekday such as saturday, or a range such as monday:friday',
    ],
    [{ days_of_month: ['0'] }, 'days_of_month.0: must be a day from 1 to 31'],
    [{ days_of_month: ['-1:5'] }, 'days_of_month.0: must end with a negative day when it begins with one'],
    [{ days_of_month: ['7:1'] }, 'days_of_month.0: ends before it begins'],
    [{ months: ['13'] }, 'months.0: must be a month'],
    [{ months: ['may:april'] }, 'months.0: ends before it begins'],
    [{ years: ['26'] }, 'years.0: must be a year'],
    [{ times: [{ start_time: '9:00', end_time: '17:00' }] }, 'times.0.start_time: must be a time of day'],
    [{ times: [{ start_time: '09:00', end_time: '24:01' }] }, 'times.0.end_time: must be a time of day'],
    [
      { times: [{ start_time: '22:00', end_time: '06:00' }] },
      'times.0.end_time: ends before it begins; write',
    ],
    [{ location: 'Mars/Olympus' }, 'location: must be a time zone such as Europe/Berlin'],
  ])('refuses %j', (interval, message) => {
    expect(faultsOf(interval)).toEqual([expect.stringContaining(message)]);
  });
});
