import { describe, it } from 'vitest';
import { rmse } from '../../../src/stats/score/rmse.ts';
import { definedValue, expectClose, expectUndefined } from '../expect-computed.ts';
import { momentsOf, regressionCases } from '../regression-cases.ts';

describe('rmse', () => {
  it.each(regressionCases())('meets the reference value of %s', (_name, moments, expected) => {
    expectClose(definedValue(rmse(moments)), expected['rmse'] as number);
  });

  it('weighs large errors more than the mean absolute error does', () => {
    expectClose(definedValue(rmse(momentsOf([3, 1], [2, 4]))), Math.sqrt(5));
  });

  it('gives a reason when nothing has a label', () => {
    expectUndefined(rmse(momentsOf([], [])), /no prediction has a label/);
  });

  it('gives a reason when the sums do not fit into a double', () => {
    expectUndefined(rmse(momentsOf([1e308, 1e308, -1e308], [-1e308, -1e308, 1e308])), /too large/);
  });
});
