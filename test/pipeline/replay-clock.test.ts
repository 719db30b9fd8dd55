import { describe, expect, it } from 'vitest';
import { ReplayClock } from '../../src/pipeline/replay-clock.ts';
import { HOUR, MINUTE, MORNING } from '../support/events.ts';

const DAY = 24 * HOUR;

function clockAfter(...times: readonly number[]): ReplayClock {
  const clock = new ReplayClock({ ahead: HOUR, gap: 30 * DAY });
  for (const time of times) clock.take('log', MORNING + time);
  return clock;
}

const minutes = (count: number, from = 0): number[] =>
  Array.from({ length: count }, (_, i) => from + i * MINUTE);

describe('the clock of a replay', () => {
  it('shows the highest event time, in whatever order events come', () => {
    const clock = clockAfter(...minutes(30), 3 * MINUTE);
    expect(clock.now()).toBe(MORNING + 29 * MINUTE);
    expect(clock.end()).toBe(MORNING + 29 * MINUTE);
    expect(clockAfter().now()).toBe(0);
  });

  it('does not believe a few events that are far ahead of all others', () => {
    const clock = clockAfter(...minutes(20), 3 * DAY, 170 * 365 * DAY, ...minutes(20, 20 * MINUTE));
    expect(clock.now()).toBe(MORNING + 39 * MINUTE);
    expect(clock.end()).toBe(MORNING + 3 * DAY);
  });

  it('follows the log over a gap as soon as enough events lie behind it', () => {
    const clock = clockAfter(...minutes(20), ...minutes(9, 10 * HOUR));
    expect(clock.now()).toBe(MORNING + 19 * MINUTE);
    expect(clock.end()).toBe(MORNING + 10 * HOUR + 8 * MINUTE);
    clock.take('log', MORNING + 10 * HOUR + 9 * MINUTE);
    expect(clock.now()).toBe(MORNING + 10 * HOUR + 9 * MINUTE);
  });

  it('lets no event bear itself out by being read again', () => {
    const clock = clockAfter(...minutes(20));
    for (let reading = 0; reading < 12; reading += 1) {
      clock.take('log', MORNING + 99 * DAY);
      clock.rewind('log');
    }
    expect(clock.end()).toBe(MORNING + 19 * MINUTE);
  });

  it('shows the furthest of several topics', () => {
    const clock = clockAfter(...minutes(20));
    clock.take('other', MORNING + 5 * HOUR);
    expect(clock.now()).toBe(MORNING + 5 * HOUR);
  });
});
