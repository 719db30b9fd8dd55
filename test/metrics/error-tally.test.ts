import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/base/random.ts';
import { ErrorTally } from '../../src/metrics/error-tally.ts';
import { medianAbsoluteError } from '../../src/stats/score/median-absolute-error.ts';
import { definedValue } from '../stats/expect-computed.ts';

const LIMIT = 2_048;

function tallyOf(errors: Iterable<number>, limit?: number): ErrorTally {
  const tally = new ErrorTally(limit);
  for (const error of errors) tally.add(error);
  return tally;
}

function median(tally: ErrorTally): number {
  return definedValue(medianAbsoluteError(tally.counts()));
}

/** Errors over many orders of magnitude. */
function wide(count: number, seed = 7): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => Math.exp(40 * (random() - 0.5)));
}

describe('ErrorTally', () => {
  it('keeps errors as they are while they are few', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, noNaN: true }), { minLength: 1 }), (errors) => {
        const tally = tallyOf(errors);
        const { errors: distinct, counts } = tally.counts();
        expect(tally.digits).toBeUndefined();
        expect(Array.from(distinct)).toEqual([...new Set(errors.map((e) => e + 0))].sort((a, b) => a - b));
        expect(Array.from(counts).reduce((a, b) => a + b)).toBe(errors.length);
      }),
    );
  });

  it('cuts them where they are many, so that a median is too small by less than the last digit', () => {
    const errors = wide(10_001);
    const tally = tallyOf(errors, LIMIT);
    const exactly = median(tallyOf(errors));
    const digits = tally.digits as number;
    expect(digits).toBeGreaterThanOrEqual(5);
    expect(tally.counts().errors.length).toBeLessThanOrEqual(LIMIT);
    expect(median(tally)).toBeLessThanOrEqual(exactly);
    expect(median(tally)).toBeGreaterThan(exactly * (1 - 2 ** (1 - digits)));
  });

  it('gives the same whatever the order', () => {
    const errors = wide(5_000);
    const [forth, back] = [tallyOf(errors, LIMIT), tallyOf(errors.toReversed(), LIMIT)];
    expect(back.digits).toBe(forth.digits);
    expect(back.counts()).toEqual(forth.counts());
  });

  it('is bounded by the exponents of a double at worst', () => {
    const errors = [1, 1.4, 1.8].flatMap((size) =>
      Array.from({ length: 2_040 }, (_, i) => size * 2 ** (i - 1_020)),
    );
    const tally = tallyOf([...errors, 0, Number.POSITIVE_INFINITY], LIMIT);
    expect(tally.digits).toBe(1);
    expect(tally.counts().errors.length).toBeLessThanOrEqual(LIMIT);
    expect(Array.from(tally.counts().errors).at(-1)).toBe(Number.POSITIVE_INFINITY);
  });
});
