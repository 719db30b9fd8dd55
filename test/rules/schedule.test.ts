import fc from 'fast-check';
import { createTask, getTasks } from 'node-cron';
import { describe, expect, it } from 'vitest';
import { nextInstant, scheduleFault } from '../../src/rules/schedule.ts';

function next(cron: string, after: string): string | undefined {
  const instant = nextInstant(cron, Date.parse(after));
  return instant === undefined ? undefined : new Date(instant).toISOString();
}

function instants(cron: string, after: number, until: number): number[] {
  const found: number[] = [];
  for (let at = nextInstant(cron, after); at !== undefined && at <= until; at = nextInstant(cron, at))
    found.push(at);
  return found;
}

describe('scheduleFault', () => {
  it.each(['* * * * *', '*/15 * * * *', '0 8-18 * * mon-fri', '0 0 L * *', '0 0 1,15 jan *', ' 0  0 * * * '])(
    'accepts %j',
    (cron) => {
      expect(scheduleFault(cron)).toBeUndefined();
    },
  );

  it.each([
    ['', 'but found nothing'],
    ['hourly', 'which has 1'],
    ['@hourly', 'which has 1'],
    ['0 * * *', 'which has 4'],
    ['0 0 * * * *', 'which has 6'],
    ['60 * * * *', '"60" is not valid for the minute'],
    ['0 25 * * *', '"25" is not valid for the hour'],
    ['0 0 32 * *', '"32" is not valid for the day of the month'],
    ['0 0 31 2 *', '"31" is not valid for the day of the month'],
    ['0 0 * 13 *', '"13" is not valid for the month'],
    ['0 0 * * 8', '"8" is not valid for the day of the week'],
    ['0 0 * * $', 'is no schedule'],
  ])('says what is wrong with %j', (cron, message) => {
    expect(scheduleFault(cron)).toContain(message);
    expect(scheduleFault(cron)).toContain('five cron fields in UTC');
  });

  it('never throws, whatever the text', () => {
    const pieces = [
      '*',
      '/',
      '-',
      ',',
      '0',
      '7',
      '31',
      'L',
      'W',
      '#',
      '?',
      'mon',
      ' ',
      '@daily',
      '99999999999',
    ];
    const cron = fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string()), { maxLength: 12 });
    fc.assert(fc.property(cron, (all) => void scheduleFault(all.join(''))));
  });
});

describe('nextInstant', () => {
  it.each([
    ['*/15 * * * *', '2026-11-22T08:00:00Z', '2026-11-22T08:15:00.000Z'],
    ['*/15 * * * *', '2026-11-22T08:14:59.999Z', '2026-11-22T08:15:00.000Z'],
    ['0 * * * *', '2026-12-31T23:30:00Z', '2027-01-01T00:00:00.000Z'],
    ['30 6 * * mon', '2026-11-22T08:00:00Z', '2026-11-23T06:30:00.000Z'],
    ['0 0 L * *', '2026-02-01T00:00:00Z', '2026-02-28T00:00:00.000Z'],
    ['0 0 29 2 *', '2026-11-22T08:00:00Z', '2028-02-29T00:00:00.000Z'],
    ['0 0 29 2 *', '2096-03-01T00:00:00Z', '2104-02-29T00:00:00.000Z'],
    ['0 0 1 * *', '1969-12-15T00:00:00Z', '1970-01-01T00:00:00.000Z'],
  ])('%s after %s is %s', (cron, after, expected) => {
    expect(next(cron, after)).toBe(expected);
  });

  it('runs through summer time as through any other day', () => {
    expect(next('30 * * * *', '2026-03-29T00:45:00Z')).toBe('2026-03-29T01:30:00.000Z');
    expect(next('30 2 * * *', '2026-03-29T00:00:00Z')).toBe('2026-03-29T02:30:00.000Z');
  });

  it('wants day of month and day of week both to fit', () => {
    expect(next('0 0 13 * fri', '2026-11-22T00:00:00Z')).toBe('2027-08-13T00:00:00.000Z');
  });

  it('gives up on days that do not come', () => {
    expect(next('0 0 29 2 mon', '2029-01-01T00:00:00Z')).toBeUndefined();
  });

  it('leaves out the instant that it is asked for the next of', () => {
    const hour = 3_600_000;
    const from = Date.parse('2026-11-22T08:00:00Z');
    expect(nextInstant('0 * * * *', from - 1)).toBe(from);
    expect(nextInstant('0 * * * *', from)).toBe(from + hour);
    expect(nextInstant('0 * * * *', from + hour - 1)).toBe(from + hour);
  });

  it('finds the same minutes as asking node-cron about every one', () => {
    const cron = '7-59/13 1,5-6 * * 1-5';
    const from = Date.parse('2026-11-20T12:00:00Z');
    const until = Date.parse('2026-11-25T12:00:00Z');
    const task = createTask(cron, () => undefined, { timezone: 'UTC' });
    const expected: number[] = [];
    for (let minute = from + 60_000; minute <= until; minute += 60_000) {
      if (task.match(new Date(minute))) expected.push(minute);
    }
    void task.destroy();
    expect(instants(cron, from, until)).toEqual(expected);
    expect(expected.length).toBeGreaterThan(20);
  });

  it('is the same from any instant on', () => {
    const from = Date.parse('2026-02-27T00:00:00Z');
    const all = instants('*/20 */6 * * *', from, from + 4 * 86_400_000);
    fc.assert(
      fc.property(fc.nat({ max: 3 * 86_400_000 }), (ahead) => {
        expect(nextInstant('*/20 */6 * * *', from + ahead)).toBe(
          all.find((instant) => instant > from + ahead),
        );
      }),
    );
  });

  it('leaves no task behind', () => {
    const before = getTasks().size;
    nextInstant('* * * * *', 0);
    nextInstant('0 0 29 2 mon', Date.parse('2029-01-01T00:00:00Z'));
    expect(getTasks().size).toBe(before);
  });
});
