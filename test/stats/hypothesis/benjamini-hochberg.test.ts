import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { benjaminiHochberg } from '../../../src/stats/hypothesis/benjamini-hochberg.ts';
import { fdrCases } from '../conformance-cases.ts';
import { expectClose } from '../expect-computed.ts';

const family = fc.array(fc.oneof(fc.constantFrom(0, 0.01, 1), fc.double({ min: 0, max: 1, noNaN: true })), {
  maxLength: 60,
});

describe('benjaminiHochberg', () => {
  it.each(fdrCases())('meets the reference values of $name', ({ p_values, expected }) => {
    const adjusted = benjaminiHochberg(p_values);
    expect(adjusted).toHaveLength(expected.adjusted.length);
    for (const [i, value] of adjusted.entries()) expectClose(value, expected.adjusted[i] as number);
  });

  it('never lowers a p-value, never leaves 0 to 1, and keeps the order of size', () => {
    fc.assert(
      fc.property(family, (pValues) => {
        const adjusted = benjaminiHochberg(pValues);
        const bySize = pValues.map((p, i) => [p, adjusted[i] as number] as const).sort((a, b) => a[0] - b[0]);
        let last = 0;
        for (const [p, q] of bySize) {
          expect(q).toBeGreaterThanOrEqual(p);
          expect(q).toBeGreaterThanOrEqual(last);
          expect(q).toBeLessThanOrEqual(1);
          last = q;
        }
      }),
    );
  });

  it('gives equal p-values equal results, wherever they stand', () => {
    expect(benjaminiHochberg([0.02, 0.5, 0.02, 0.02])).toEqual([0.02 / 0.75, 0.5, 0.02 / 0.75, 0.02 / 0.75]);
  });

  it('does not depend on the order of the family', () => {
    fc.assert(
      fc.property(family, (pValues) => {
        expect(benjaminiHochberg(pValues.toReversed()).toReversed()).toEqual(benjaminiHochberg(pValues));
      }),
    );
  });

  it('rejects what the step-up procedure rejects', () => {
    fc.assert(
      fc.property(family, fc.constantFrom(0.01, 0.05, 0.2), (pValues, level) => {
        const ascending = pValues.toSorted((a, b) => a - b);
        const count = ascending.findLastIndex((p, i) => p / ((i + 1) / ascending.length) <= level) + 1;
        expect(benjaminiHochberg(pValues).filter((q) => q <= level)).toHaveLength(count);
      }),
    );
  });

  it('leaves a single p-value alone, and an empty family empty', () => {
    expect(benjaminiHochberg([0.03])).toEqual([0.03]);
    expect(benjaminiHochberg([])).toEqual([]);
  });

  it.each([-0.1, 1.1, Number.NaN])('refuses %d', (value) => {
    expect(() => benjaminiHochberg([0.5, value])).toThrow(RangeError);
  });
});
