import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { balancedAccuracy } from '../../../src/stats/score/balanced-accuracy.ts';
import { confusionMatrix } from '../../../src/stats/score/confusion.ts';
import { anyMatrix, matrixOf, multiclassCases } from '../confusion-cases.ts';
import { definedValue, expectClose, expectUndefined } from '../expect-computed.ts';

describe('balancedAccuracy', () => {
  it.each(multiclassCases())('meets the reference value of %s', (_name, matrix, expected) => {
    expectClose(definedValue(balancedAccuracy(matrix)), expected['balanced_accuracy'] as number);
  });

  it('lies between 0 and 1 wherever it is defined', () => {
    fc.assert(
      fc.property(anyMatrix, (matrix) => {
        const score = balancedAccuracy(matrix);
        if (!score.defined) return;
        expect(score.value).toBeGreaterThanOrEqual(0);
        expect(score.value).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('is 1 when everything is right', () => {
    expectClose(definedValue(balancedAccuracy(matrixOf(['a', 'b', 'c'], ['a', 'b', 'c']))), 1, 1e-12);
  });

  it('leaves out a class that is only ever predicted', () => {
    expect(definedValue(balancedAccuracy(matrixOf(['a', 'x', 'b', 'b'], ['a', 'a', 'b', 'b'])))).toBe(0.75);
  });

  it('does not reward always answering with the common class', () => {
    const matrix = confusionMatrix([
      { prediction: 'ok', label: 'ok', count: 990 },
      { prediction: 'ok', label: 'fraud', count: 10 },
    ]);
    expect(definedValue(balancedAccuracy(matrix))).toBe(0.5);
  });

  it('gives a reason when nothing has a label', () => {
    expectUndefined(balancedAccuracy(confusionMatrix([])), /no prediction has a label/);
  });
});
