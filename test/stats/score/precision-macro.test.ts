import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { confusionMatrix } from '../../../src/stats/score/confusion.ts';
import { precisionMacro } from '../../../src/stats/score/precision-macro.ts';
import { anyMatrix, matrixOf, multiclassCases } from '../confusion-cases.ts';
import { definedValue, expectClose, expectUndefined } from '../expect-computed.ts';

describe('precisionMacro', () => {
  it.each(multiclassCases())('meets the reference value of %s', (_name, matrix, expected) => {
    expectClose(definedValue(precisionMacro(matrix)), expected['precision_macro'] as number);
  });

  it('lies between 0 and 1 wherever it is defined', () => {
    fc.assert(
      fc.property(anyMatrix, (matrix) => {
        const score = precisionMacro(matrix);
        if (!score.defined) return;
        expect(score.value).toBeGreaterThanOrEqual(0);
        expect(score.value).toBeLessThanOrEqual(1 + 1e-12);
      }),
    );
  });

  it('is 1 when everything is right', () => {
    expectClose(definedValue(precisionMacro(matrixOf(['a', 'b', 'b'], ['a', 'b', 'b']))), 1, 1e-12);
  });

  it('adds a 0 for a class that is never predicted', () => {
    expect(definedValue(precisionMacro(matrixOf(['a', 'a', 'a', 'a'], ['a', 'a', 'a', 'b'])))).toBe(0.375);
  });

  it('gives a reason when nothing has a label', () => {
    expectUndefined(precisionMacro(confusionMatrix([])), /no prediction has a label/);
  });
});
