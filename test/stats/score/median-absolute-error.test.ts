import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ErrorCounts, medianAbsoluteError } from '../../../src/stats/score/median-absolute-error.ts';
import { performanceCases } from '../conformance-cases.ts';
import { definedValue, expectClose, expectUndefined } from '../expect-computed.ts';

/** One item an error. */
function countsOf(errors: readonly number[]): ErrorCounts {
  const sorted = errors.map(Math.abs).sort((a, b) => a - b);
  return { errors: sorted, counts: sorted.map(() => 1) };
}

describe('medianAbsoluteError', () => {
  it.each(performanceCases().regression)(
    'meets the reference value of $name',
    ({ labels, predictions, expected }) => {
      const errors = predictions.map((prediction, i) => prediction - (labels[i] as number));
      expectClose(
        definedValue(medianAbsoluteError(countsOf(errors))),
        expected['median_absolute_error'] as number,
      );
    },
  );

  it('is the error in the middle, or the mean of the two in the middle', () => {
    expect(definedValue(medianAbsoluteError(countsOf([7])))).toBe(7);
    expect(definedValue(medianAbsoluteError(countsOf([1, 2])))).toBe(1.5);
    expect(definedValue(medianAbsoluteError(countsOf([1, 2, 1e300])))).toBe(2);
    expect(definedValue(medianAbsoluteError({ errors: [0, 1, 5], counts: [1, 2, 1] }))).toBe(1);
    expect(definedValue(medianAbsoluteError({ errors: [0, 4], counts: [3, 3] }))).toBe(2);
  });

  it('has at most half of the errors on either side', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(9), { minLength: 1 }), (errors) => {
        const median = definedValue(medianAbsoluteError(countsOf(errors)));
        expect(errors.filter((error) => error < median).length).toBeLessThanOrEqual(errors.length / 2);
        expect(errors.filter((error) => error > median).length).toBeLessThanOrEqual(errors.length / 2);
      }),
    );
  });

  it('gives a reason when nothing has a label, and when the error does not fit into a double', () => {
    expectUndefined(medianAbsoluteError(countsOf([])), /no prediction has a label/);
    expectUndefined(medianAbsoluteError(countsOf([Number.POSITIVE_INFINITY])), /too large/);
    expect(definedValue(medianAbsoluteError(countsOf([1.7e308, 1.7e308])))).toBe(1.7e308);
  });
});
