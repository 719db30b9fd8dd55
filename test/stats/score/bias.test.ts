import { describe, expect, it } from 'vitest';
import { bias } from '../../../src/stats/score/bias.ts';
import { definedValue, expectClose, expectUndefined } from '../expect-computed.ts';
import { momentsOf, regressionCases } from '../regression-cases.ts';

describe('bias', () => {
  it.each(regressionCases())('meets the reference value of %s', (_name, moments, expected) => {
    expectClose(definedValue(bias(moments)), expected['bias'] as number);
  });

  it('is above 0 for a model that predicts too high', () => {
    expect(definedValue(bias(momentsOf([5, 7], [4, 4])))).toBe(2);
    expect(definedValue(bias(momentsOf([4, 4], [5, 7])))).toBe(-2);
  });

  it('gives a reason when nothing has a label', () => {
    expectUndefined(bias(momentsOf([], [])), /no prediction has a label/);
  });

  it('gives a reason when the sums do not fit into a double', () => {
    expectUndefined(bias(momentsOf([1e308, 1e308, -1e308], [-1e308, -1e308, -1e308])), /too large/);
  });
});
