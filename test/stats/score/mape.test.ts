import { describe, expect, it } from 'vitest';
import { mape } from '../../../src/stats/score/mape.ts';
import { definedValue, expectClose, expectUndefined } from '../expect-computed.ts';
import { momentsOf, regressionCases } from '../regression-cases.ts';

describe('mape', () => {
  it.each(regressionCases())('meets the reference value of %s', (_name, moments, expected) => {
    expectClose(definedValue(mape(moments)), expected['mape'] as number);
  });

  it('is a share of the label, whatever its sign', () => {
    expect(definedValue(mape(momentsOf([3, -1], [2, -4])))).toBe((1 / 2 + 3 / 4) / 2);
  });

  it('is astronomical where a label is 0, and 0 where that is met exactly', () => {
    // scikit-learn 1.2: mean_absolute_percentage_error([0, 1], [1, 1]) is 2251799813685248.
    expect(definedValue(mape(momentsOf([1, 1], [0, 1])))).toBe(2251799813685248);
    expect(definedValue(mape(momentsOf([0], [0])))).toBe(0);
  });

  it('gives a reason when nothing has a label, and when the sum does not fit into a double', () => {
    expectUndefined(mape(momentsOf([], [])), /no prediction has a label/);
    expectUndefined(mape(momentsOf([1e300], [0])), /too large/);
  });
});
