import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { psi } from '../../../src/stats/divergence/psi.ts';
import { psiAdjusted } from '../../../src/stats/divergence/psi-adjusted.ts';
import { definedValue, expectClose } from '../expect-computed.ts';

describe('psiAdjusted', () => {
  it('takes off what noise alone gives at these sizes', () => {
    expectClose(psiAdjusted(0.12, 10, 1000, 500), 0.12 - 9 * (0.001 + 0.002));
  });

  it('never goes below 0 or above psi', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 20, noNaN: true }),
        fc.integer({ min: 1, max: 100 }),
        fc.integer({ min: 1, max: 1e9 }),
        fc.integer({ min: 1, max: 1e9 }),
        (index, cells, n, m) => {
          const adjusted = psiAdjusted(index, cells, n, m);
          expect(adjusted).toBeGreaterThanOrEqual(0);
          expect(adjusted).toBeLessThanOrEqual(index);
        },
      ),
    );
  });

  it('leaves little of the psi of two samples from one distribution', () => {
    const counts = (seed: number) => {
      const cells = new Array<number>(10).fill(0);
      let state = seed;
      for (let i = 0; i < 300; i += 1) {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        const cell = Math.floor((state / 2 ** 32) * 10);
        cells[cell] = (cells[cell] as number) + 1;
      }
      return cells;
    };
    const values = Array.from({ length: 200 }, (_, i) =>
      definedValue(psi(counts(2 * i + 1), counts(2 * i + 2))),
    );
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(psiAdjusted(mean, 10, 300, 300)).toBeLessThan(0.2 * mean);
  });

  it('subtracts nothing for a single cell', () => {
    expect(psiAdjusted(0, 1, 10, 10)).toBe(0);
  });

  it.each([
    [Number.NaN, 10, 100, 100],
    [0.1, 0, 100, 100],
    [0.1, 10, 0, 100],
    [0.1, 10, 100, 0],
  ])('refuses (%d, %d, %d, %d), which no psi comes with', (index, cells, n, m) => {
    expect(() => psiAdjusted(index, cells, n, m)).toThrow(RangeError);
  });
});
