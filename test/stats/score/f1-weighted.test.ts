import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { confusionMatrix } from '../../../src/stats/score/confusion.ts';
import { f1Weighted } from '../../../src/stats/score/f1-weighted.ts';
import { anyMatrix, matrixOf, multiclassCases } from '../confusion-cases.ts';
import { definedValue, expectClose, expectUndefined } from '../expect-computed.ts';

describe('f1Weighted', () => {
  it.each(multiclassCases())('meets the reference value of %s', (_name, matrix, expected) => {
    expectClose(definedValue(f1Weighted(matrix)), expected['f1_weighted'] as number);
  });

  it('lies between 0 and 1 wherever it is defined', () => {
    fc.assert(
      fc.property(anyMatrix, (matrix) => {
        const score = f1Weighted(matrix);
        if (!score.defined) return;
        expect(score.value).toBeGreaterThanOrEqual(0);
        expect(score.value).toBeLessThanOrEqual(1 + 1e-12);
      }),
    );
  });

  it('is 1 when everything is right', () => {
    expectClose(definedValue(f1Weighted(matrixOf(['a', 'b', 'b'], ['a', 'b', 'b']))), 1, 1e-12);
  });

  it('weighs a class by its share of the labels', () => {
    // F1 is 6/7 for a, with three of four labels, and 0 for b.
    const matrix = matrixOf(['a', 'a', 'a', 'a'], ['a', 'a', 'a', 'b']);
    expectClose(definedValue(f1Weighted(matrix)), (3 / 4) * (6 / 7), 1e-12);
  });

  it('gives a reason when nothing has a label', () => {
    expectUndefined(f1Weighted(confusionMatrix([])), /no prediction has a label/);
  });
});
