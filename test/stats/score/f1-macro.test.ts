import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { confusionMatrix } from '../../../src/stats/score/confusion.ts';
import { f1Macro } from '../../../src/stats/score/f1-macro.ts';
import { anyMatrix, matrixOf, multiclassCases } from '../confusion-cases.ts';
import { definedValue, expectClose, expectUndefined } from '../expect-computed.ts';

describe('f1Macro', () => {
  it.each(multiclassCases())('meets the reference value of %s', (_name, matrix, expected) => {
    expectClose(definedValue(f1Macro(matrix)), expected['f1_macro'] as number);
  });

  it('lies between 0 and 1 wherever it is defined', () => {
    fc.assert(
      fc.property(anyMatrix, (matrix) => {
        const score = f1Macro(matrix);
        if (!score.defined) return;
        expect(score.value).toBeGreaterThanOrEqual(0);
        expect(score.value).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('is 1 when everything is right', () => {
    expectClose(definedValue(f1Macro(matrixOf(['a', 'b', 'c'], ['a', 'b', 'c']))), 1, 1e-12);
  });

  it('counts a class that is only predicted, or only labelled, as 0', () => {
    expectClose(definedValue(f1Macro(matrixOf(['a', 'x'], ['a', 'b']))), 1 / 3);
  });

  it('gives a reason when nothing has a label', () => {
    expectUndefined(f1Macro(confusionMatrix([])), /no prediction has a label/);
  });
});
