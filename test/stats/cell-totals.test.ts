import { describe, expect, it } from 'vitest';
import { cellTotals } from '../../src/stats/cell-totals.ts';
import { definedValue, expectUndefined } from './expect-computed.ts';

describe('cellTotals', () => {
  it('adds up both histograms', () => {
    expect(definedValue(cellTotals([2, 3], Uint32Array.of(1, 0)))).toEqual({ reference: 5, current: 1 });
  });

  it('gives a reason for counts that are no counts', () => {
    expectUndefined(cellTotals([2, -1], [1, 1]), /reference count is negative or not finite/);
    expectUndefined(cellTotals([1, 1], [Number.NaN, 1]), /current count is negative or not finite/);
    expectUndefined(cellTotals([1, 1], [Number.MAX_VALUE, Number.MAX_VALUE]), /current count/);
  });

  it('refuses histograms that cannot be over the same cells', () => {
    expect(() => cellTotals([1, 2], [1, 2, 3])).toThrow(RangeError);
  });
});
