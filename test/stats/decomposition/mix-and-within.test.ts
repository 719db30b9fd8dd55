import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mixAndWithin } from '../../../src/stats/decomposition/mix-and-within.ts';

const side = fc
  .tuple(fc.integer({ min: 0, max: 10_000 }), fc.double({ min: -5, max: 5, noNaN: true }))
  .map(([n, mean]) => ({ n, sum: n * mean }));
const slices = fc.array(fc.record({ before: side, after: side }), { minLength: 1, maxLength: 30 });

function split(...given: Parameters<typeof mixAndWithin>) {
  const found = mixAndWithin(...given);
  if (!found.defined) throw new Error(found.reason);
  return found.value;
}

describe('mixAndWithin', () => {
  it('adds up to the change, and its parts to what changed within', () => {
    fc.assert(
      fc.property(slices, (given) => {
        const found = mixAndWithin(given);
        fc.pre(found.defined);
        const { change, mix, within, withinParts } = found.value;
        expect(mix + within).toBeCloseTo(change, 9);
        expect(withinParts.reduce((sum, part) => sum + part, 0)).toBeCloseTo(within, 12);
      }),
    );
  });

  it('finds nothing where nothing changed, however many events there were', () => {
    fc.assert(
      fc.property(fc.array(side, { minLength: 1 }), fc.integer({ min: 1, max: 9 }), (sides, times) => {
        const found = mixAndWithin(
          sides.map(({ n, sum }) => ({ before: { n, sum }, after: { n: n * times, sum: sum * times } })),
        );
        fc.pre(found.defined);
        expect(found.value.mix).toBeCloseTo(0, 9);
        expect(found.value.within).toBeCloseTo(0, 9);
      }),
    );
  });

  it('changes its signs when before and after are swapped', () => {
    fc.assert(
      fc.property(slices, (given) => {
        const [there, back] = [
          given,
          given.map(({ before, after }) => ({ before: after, after: before })),
        ].map((both) => mixAndWithin(both));
        fc.pre(there?.defined === true && back?.defined === true);
        expect(there.value.mix).toBeCloseTo(-back.value.mix, 9);
        expect(there.value.within).toBeCloseTo(-back.value.within, 9);
      }),
    );
  });

  it('calls a change mix alone where the means of all slices stay', () => {
    const { mix, within, change } = split([
      { before: { n: 90, sum: 9 }, after: { n: 50, sum: 5 } },
      { before: { n: 10, sum: 5 }, after: { n: 50, sum: 25 } },
    ]);
    expect(within).toBeCloseTo(0, 12);
    expect(mix).toBeCloseTo(change, 12);
    expect(change).toBeCloseTo(0.16, 12);
  });

  it('names the slice that changed where the shares stay', () => {
    const { mix, withinParts, change } = split([
      { before: { n: 25, sum: 5 }, after: { n: 25, sum: 20 } },
      { before: { n: 75, sum: 15 }, after: { n: 75, sum: 15 } },
    ]);
    expect(change).toBeCloseTo(0.15, 12);
    expect(mix).toBe(0);
    expect(withinParts).toEqual([expect.closeTo(0.15, 12), 0]);
  });

  it('counts a slice that comes or goes as mix', () => {
    const { within } = split([
      { before: { n: 50, sum: 5 }, after: { n: 50, sum: 5 } },
      { before: { n: 0, sum: 0 }, after: { n: 50, sum: 40 } },
      { before: { n: 50, sum: 10 }, after: { n: 0, sum: 0 } },
    ]);
    expect(within).toBe(0);
  });

  it('has nothing to compare with where a side is empty', () => {
    const none = { n: 0, sum: 0 };
    expect(mixAndWithin([{ before: none, after: { n: 5, sum: 1 } }])).toMatchObject({ defined: false });
    expect(mixAndWithin([])).toMatchObject({ defined: false });
  });
});
