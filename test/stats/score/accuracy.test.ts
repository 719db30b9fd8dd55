import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accuracy } from '../../../src/stats/score/accuracy.ts';
import { confusionMatrix } from '../../../src/stats/score/confusion.ts';
import { anyMatrix, binaryCases, matrixOf, multiclassCases } from '../confusion-cases.ts';
import { definedValue, expectClose, expectUndefined } from '../expect-computed.ts';

describe('accuracy', () => {
  it.each(binaryCases())('meets the reference value of %s', (_name, matrix, expected) => {
    expectClose(definedValue(accuracy(matrix)), expected['accuracy'] as number);
  });

  it('lies between 0 and 1 wherever it is defined', () => {
    fc.assert(
      fc.property(anyMatrix, (matrix) => {
        const score = accuracy(matrix);
        if (!score.defined) return;
        expect(score.value).toBeGreaterThanOrEqual(0);
        expect(score.value).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('is 1 when everything is right', () => {
    expectClose(definedValue(accuracy(matrixOf(['a', 'b', 'c'], ['a', 'b', 'c']))), 1, 1e-12);
  });

  it.each(multiclassCases())('meets the reference value of %s', (_name, matrix, expected) => {
    expectClose(definedValue(accuracy(matrix)), expected['accuracy'] as number);
  });

  it('gives a reason when nothing has a label', () => {
    expectUndefined(accuracy(confusionMatrix([])), /no prediction has a label/);
  });
});
