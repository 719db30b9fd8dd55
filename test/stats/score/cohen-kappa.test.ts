import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cohenKappa } from '../../../src/stats/score/cohen-kappa.ts';
import { confusionMatrix } from '../../../src/stats/score/confusion.ts';
import { anyMatrix, matrixOf, multiclassCases } from '../confusion-cases.ts';
import { definedValue, expectClose, expectUndefined } from '../expect-computed.ts';

describe('cohenKappa', () => {
  it.each(multiclassCases())('meets the reference value of %s', (_name, matrix, expected) => {
    expectClose(definedValue(cohenKappa(matrix)), expected['cohen_kappa'] as number);
  });

  it('is 1 for full agreement, 0 for chance, and below 0 for less than chance', () => {
    expect(definedValue(cohenKappa(matrixOf(['a', 'b', 'c'], ['a', 'b', 'c'])))).toBe(1);
    expect(definedValue(cohenKappa(matrixOf(['a', 'a', 'b', 'b'], ['a', 'b', 'a', 'b'])))).toBe(0);
    expect(definedValue(cohenKappa(matrixOf(['a', 'b'], ['b', 'a'])))).toBe(-1);
  });

  it('does not reward always answering with the common class', () => {
    const matrix = confusionMatrix([
      { prediction: 'ok', label: 'ok', count: 990 },
      { prediction: 'ok', label: 'fraud', count: 10 },
    ]);
    expect(definedValue(cohenKappa(matrix))).toBeCloseTo(0, 12);
  });

  it('lies between -1 and 1 wherever it is defined', () => {
    fc.assert(
      fc.property(anyMatrix, (matrix) => {
        const score = cohenKappa(matrix);
        if (!score.defined) return;
        expect(score.value).toBeGreaterThanOrEqual(-1 - 1e-12);
        expect(score.value).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('gives a reason when there is one class only, and when nothing has a label', () => {
    expectUndefined(cohenKappa(matrixOf(['a', 'a'], ['a', 'a'])), /of one class/);
    expectUndefined(cohenKappa(confusionMatrix([])), /no prediction has a label/);
  });
});
