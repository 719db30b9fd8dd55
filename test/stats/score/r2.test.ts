import { describe, expect, it } from 'vitest';
import { r2 } from '../../../src/stats/score/r2.ts';
import { definedValue, expectClose, expectUndefined } from '../expect-computed.ts';
import { momentsOf, regressionCases } from '../regression-cases.ts';

describe('r2', () => {
  it.each(regressionCases())('meets the reference value of %s', (_name, moments, expected) => {
    expectClose(definedValue(r2(moments)), expected['r2'] as number);
  });

  it('is 1 for perfect predictions and 0 for the mean label', () => {
    expect(definedValue(r2(momentsOf([1, 2, 6], [1, 2, 6])))).toBe(1);
    expect(definedValue(r2(momentsOf([3, 3, 3], [1, 2, 6])))).toBe(0);
  });

  it('does not depend on the origin of the label sums', () => {
    const [predictions, labels] = [
      [1000.5, 1003, 1001],
      [1000, 1002, 1002.5],
    ];
    expectClose(
      definedValue(r2(momentsOf(predictions, labels))),
      definedValue(r2(momentsOf(predictions, labels, 1000))),
      1e-6,
    );
  });

  it('gives a reason for constant labels, whatever rounding leaves of their spread', () => {
    for (const label of [0, 0.1, 7, 1e9 + 0.3]) {
      const labels = new Array<number>(1000).fill(label);
      expectUndefined(
        r2(
          momentsOf(
            labels.map((value, i) => value + (i % 3)),
            labels,
          ),
        ),
        /labels are constant/,
      );
    }
  });

  it('gives a reason for a single label', () => {
    expectUndefined(r2(momentsOf([1], [2])), /one labelled prediction/);
  });

  it('gives a reason when nothing has a label', () => {
    expectUndefined(r2(momentsOf([], [])), /no prediction has a label/);
  });

  it('gives a reason when the sums do not fit into a double', () => {
    expectUndefined(r2(momentsOf([1e308, 1e308, -1e308], [-1e308, -1e308, 1e308])), /too large/);
  });
});
