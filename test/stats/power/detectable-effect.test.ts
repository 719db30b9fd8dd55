import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gaussian, seededRandom } from '../../../src/base/random.ts';
import { detectableEffect, requiredSize } from '../../../src/stats/power/detectable-effect.ts';
import { expectClose } from '../expect-computed.ts';

const USUAL = { level: 0.05, power: 0.8 } as const;
const size = fc.integer({ min: 1, max: 1e9 });
const wanted = fc.record({
  level: fc.double({ min: 1e-12, max: 0.5, noNaN: true }),
  power: fc.double({ min: 0.5, max: 0.999, noNaN: true }),
});

describe('detectableEffect', () => {
  it("is Cohen's table of sizes read backwards", () => {
    // Cohen (1988), table 2.4.1: d = 0.20, 0.50, 0.80 take 393, 64 and 26 in each sample.
    expectClose(detectableEffect(393, 393, USUAL), 0.2, 1e-3);
    expectClose(detectableEffect(64, 64, USUAL), 0.5, 0.01);
    expectClose(detectableEffect(26, 26, USUAL), 0.8, 0.03);
  });

  it('is the effect that is found as often as wanted', () => {
    const random = seededRandom(41);
    const [n, m] = [80, 400];
    const effect = detectableEffect(n, m, USUAL);
    let found = 0;
    for (let i = 0; i < 4000; i += 1) {
      // The difference of two means of unit variance, in its standard errors.
      const z = effect / Math.sqrt(1 / n + 1 / m) + gaussian(random);
      if (Math.abs(z) > 1.959963984540054) found += 1;
    }
    expect(Math.abs(found / 4000 - 0.8)).toBeLessThan(3 * Math.sqrt(0.16 / 4000));
  });

  it('falls as the samples grow, and is infinite without a sample', () => {
    fc.assert(
      fc.property(size, size, wanted, (n, m, options) => {
        const effect = detectableEffect(n, m, options);
        expect(effect).toBeGreaterThan(0);
        expect(detectableEffect(n + 1, m, options)).toBeLessThanOrEqual(effect);
        expectClose(detectableEffect(m, n, options), effect, 1e-12);
      }),
    );
    expect(detectableEffect(0, 5000, USUAL)).toBe(Number.POSITIVE_INFINITY);
  });

  it.each([
    [-1, 5, USUAL],
    [5, Number.NaN, USUAL],
    [5, 5, { level: 0, power: 0.8 }],
    [5, 5, { level: 0.05, power: 1 }],
    [5, 5, { level: 0.05, power: 0.02 }],
  ])('refuses %d and %d values with %o', (n, m, options) => {
    expect(() => detectableEffect(n, m, options)).toThrow(RangeError);
  });
});

describe('requiredSize', () => {
  it('is the smallest size that finds the effect', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 3, noNaN: true }),
        fc.integer({ min: 1, max: 1e6 }),
        wanted,
        (effect, m, options) => {
          const n = requiredSize(effect, m, options);
          if (n === undefined) {
            expect(detectableEffect(1e15, m, options)).toBeGreaterThanOrEqual(effect * (1 - 1e-6));
            return;
          }
          expect(detectableEffect(n, m, options)).toBeLessThanOrEqual(effect * (1 + 1e-9));
          if (n > 1 && n < 1e9)
            expect(detectableEffect(n - 1, m, options)).toBeGreaterThan(effect * (1 - 1e-9));
        },
      ),
    );
  });

  it('is undefined when the reference is too small for any sample to do', () => {
    expect(requiredSize(0.1, 700, USUAL)).toBeUndefined();
    expect(requiredSize(0.1, 0, USUAL)).toBeUndefined();
    expect(requiredSize(0.1, 5000, USUAL)).toBe(932);
  });

  it.each([
    [0, 5],
    [Number.NaN, 5],
    [0.1, -1],
  ])('refuses effect %d beside %d', (effect, m) => {
    expect(() => requiredSize(effect, m, USUAL)).toThrow(RangeError);
  });
});
