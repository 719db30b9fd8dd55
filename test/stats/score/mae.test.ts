import { describe, expect, it } from 'vitest';
import { mae } from '../../../src/stats/score/mae.ts';
import { definedValue, expectClose, expectUndefined } from '../expect-computed.ts';
import { momentsOf, regressionCases } from '../regression-cases.ts';

describe('mae', () => {
  it.each(regressionCases())('meets the reference value of %s', (_name, moments, expected) => {
    expectClose(definedValue(mae(moments)), expected['mae'] as number);
  });

  it('is the mean distance from the label', () => {
    expect(definedValue(mae(momentsOf([3, 1], [2, 4])))).toBe(2);
  });

  it('gives a reason when nothing has a label', () => {
    expectUndefined(mae(momentsOf([], [])), /no prediction has a label/);
  });

  it('gives a reason when the sums do not fit into a double', () => {
    expectUndefined(mae(momentsOf([1e308, 1e308, -1e308], [-1e308, -1e308, 1e308])), /too large/);
  });
});
