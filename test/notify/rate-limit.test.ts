import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { afterMessage, NOTHING_SENT, type Rate, rateSchema, readyAt } from '../../src/notify/rate-limit.ts';

/** Sends as soon as it may, each message after a pause of its own. @returns when each was sent. */
function send(rate: Rate, pauses: readonly number[]): number[] {
  let now = 0;
  let level = NOTHING_SENT;
  return pauses.map((pause) => {
    now = Math.max(now + pause, readyAt(level, rate));
    level = afterMessage(level, rate, now);
    return now;
  });
}

describe('a rate', () => {
  it('lets a burst through, and then one at a time', () => {
    expect(send({ count: 3, per: 6_000 }, [0, 0, 0, 0, 0])).toEqual([0, 0, 0, 2_000, 4_000]);
  });

  it('is never exceeded by more than a burst in any span, and never holds back a message without need', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.integer({ min: 0, max: 3_000 }), { maxLength: 40 }),
        (count, pauses) => {
          const per = 1_000 * count;
          const times = send({ count, per }, pauses);
          for (const [i, time] of times.entries()) {
            const inSpan = times.filter((other) => other <= time && other > time - per).length;
            expect(inSpan).toBeLessThanOrEqual(2 * count - 1);
            const sent = i + 1;
            expect(sent).toBeLessThanOrEqual(count + time / 1_000);
          }
          const rare = pauses.map((pause) => pause + 1_000);
          const free = rare.map((_, i) => rare.slice(0, i + 1).reduce((sum, pause) => sum + pause, 0));
          expect(send({ count, per }, rare)).toEqual(free);
        },
      ),
    );
  });

  it.each([
    ['1/1s', { count: 1, per: 1_000 }],
    ['30/1m', { count: 30, per: 60_000 }],
  ])('is read from %s', (text, rate) => {
    expect(rateSchema.parse(text)).toEqual(rate);
  });

  it.each(['', '1', '0/1s', '1/0s', '1/second', '1.5/1s', '-1/1s', '1/1s/1s'])('is not %j', (text) => {
    const { error } = rateSchema.safeParse(text);
    expect(error?.issues[0]?.message).toBe(
      `"${text}" is no rate; expected a number of messages and a duration, such as 1/1s or 30/1m`,
    );
  });
});
