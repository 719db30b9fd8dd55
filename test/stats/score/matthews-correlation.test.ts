import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { confusionMatrix } from '../../../src/stats/score/confusion.ts';
import { matthewsCorrelation } from '../../../src/stats/score/matthews-correlation.ts';
import { anyMatrix, binaryCases, matrixOf } from '../confusion-cases.ts';
import { definedValue, expectClose, expectUndefined } from '../expect-computed.ts';

describe('matthewsCorrelation', () => {
  it.each(binaryCases())('meets the reference value of %s', (_name, matrix, expected) => {
    expectClose(definedValue(matthewsCorrelation(matrix)), expected['mcc'] as number);
  });

  it('lies between -1 and 1 wherever it is defined', () => {
    fc.assert(
      fc.property(anyMatrix, (matrix) => {
        const score = matthewsCorrelation(matrix);
        if (!score.defined) return;
        expect(score.value).toBeGreaterThanOrEqual(-1);
        expect(score.value).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('is 1 when everything is right', () => {
    expectClose(definedValue(matthewsCorrelation(matrixOf(['a', 'b', 'c'], ['a', 'b', 'c']))), 1, 1e-12);
  });

  it('is that of R_K for three classes', () => {
    // By hand: 3 of 6 right, labels 3/2/1, predictions 2/3/1: (3*6 - 13) / sqrt((36-14)(36-14)).
    const matrix = matrixOf(['a', 'a', 'b', 'b', 'b', 'c'], ['a', 'a', 'a', 'b', 'c', 'b']);
    expect(matrix.correct).toBe(3);
    expectClose(definedValue(matthewsCorrelation(matrix)), (3 * 6 - 13) / 22);
  });

  it('is -1 for two classes that are always mixed up', () => {
    expectClose(definedValue(matthewsCorrelation(matrixOf(['a', 'b'], ['b', 'a']))), -1, 1e-12);
  });

  it('gives a reason when one side has a single class', () => {
    expectUndefined(matthewsCorrelation(matrixOf(['a', 'b'], ['a', 'a'])), /all labels are of one class/);
    expectUndefined(
      matthewsCorrelation(matrixOf(['a', 'a'], ['a', 'b'])),
      /all predictions are of one class/,
    );
    expectUndefined(matthewsCorrelation(matrixOf(['a', 'a'], ['a', 'a'])), /of one class/);
    expectUndefined(matthewsCorrelation(confusionMatrix([])), /no prediction has a label/);
  });
});
