import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LossChange, LossSums } from '../../src/metrics/segment-loss.ts';
import { segmentShifts } from '../../src/metrics/segment-shift.ts';

const sums = (n: number, loss: number): LossSums => ({ n, loss, lossSquares: loss });
const change = (before: [number, number], now: [number, number]): LossChange => ({
  before: sums(...before),
  now: sums(...now),
});

const whole = change([1_000, 100], [1_000, 240]);
const segments = new Map([
  ['country=BR', change([200, 20], [200, 160])],
  ['country=DE', change([300, 30], [300, 30])],
  ['channel=web', change([600, 60], [600, 144])],
  ['channel=app', change([400, 40], [400, 96])],
  ['country=BR,channel=web', change([120, 12], [120, 96])],
]);

describe('segmentShifts', () => {
  it('names the segment in which the change lies, and the feature that shows it best first', () => {
    const [first, second] = segmentShifts(['channel', 'country'], whole, segments);
    expect(first).toEqual({
      feature: 'country',
      mix: expect.closeTo(0, 12),
      within: expect.closeTo(0.14, 12),
      largest: { segment: 'country=BR', within: expect.closeTo(0.14, 12) },
      concentration: expect.closeTo(1, 12),
    });
    expect(second).toMatchObject({ feature: 'channel', largest: { segment: 'channel=web' } });
    expect(second?.concentration).toBeCloseTo(0.6, 12);
  });

  it('adds up to the whole change, whatever part of the population no segment holds', () => {
    const side = fc.tuple(fc.integer({ min: 0, max: 500 }), fc.double({ min: 0, max: 1, noNaN: true }));
    const both = fc.tuple(side, side);
    fc.assert(
      fc.property(fc.array(both, { minLength: 1, maxLength: 8 }), both, (known, [restBefore, restNow]) => {
        const parts = known.map(([[n, before], [m, now]]) => change([n, n * before], [m, m * now]));
        const rest = change(
          [restBefore[0], restBefore[0] * restBefore[1]],
          [restNow[0], restNow[0] * restNow[1]],
        );
        const add = (key: 'before' | 'now'): LossSums =>
          [...parts, rest].reduce(
            (all, part) => sums(all.n + part[key].n, all.loss + part[key].loss),
            sums(0, 0),
          );
        const all = { before: add('before'), now: add('now') };
        fc.pre(all.before.n > 0 && all.now.n > 0);
        const [shift] = segmentShifts(['f'], all, new Map(parts.map((part, i) => [`f=${i}`, part])));
        expect((shift?.mix ?? 0) + (shift?.within ?? 0)).toBeCloseTo(
          all.now.loss / all.now.n - all.before.loss / all.before.n,
          9,
        );
      }),
    );
  });

  it('has nothing to split where there was nothing before', () => {
    expect(segmentShifts(['country'], change([0, 0], [10, 1]), new Map())).toEqual([]);
  });
});
