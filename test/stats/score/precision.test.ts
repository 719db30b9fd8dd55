import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { confusionMatrix } from '../../../src/stats/score/confusion.ts';
import { precision } from '../../../src/stats/score/precision.ts';
import { anyMatrix, binaryCases, matrixOf } from '../confusion-cases.ts';
import { definedValue, expectClose, expectUndefined } from '../expect-computed.ts';

describe('precision', () => {
  it.each(binaryCases())('meets the reference value of %s', (_name, matrix, expected) => {
    expectClose(definedValue(precision(matrix, '1')), expected['precision'] as number);
  });

  it('lies between 0 and 1 wherever it is defined', () => {
    fc.assert(
      fc.property(anyMatrix, (matrix) => {
        const score = precision(matrix, 'a');
        if (!score.defined) return;
        expect(score.value).toBeGreaterThanOrEqual(0);
        expect(score.value).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('is 1 when everything is right', () => {
    expectClose(definedValue(precision(matrixOf(['a', 'b', 'c'], ['a', 'b', 'c']), 'a')), 1, 1e-12);
  });

  it('is 0 when every positive prediction is wrong', () => {
    expect(definedValue(precision(matrixOf(['a'], ['b']), 'a'))).toBe(0);
  });

  it('gives a reason when nothing was predicted as positive', () => {
    expectUndefined(precision(matrixOf(['b'], ['a']), 'a'), /nothing was predicted as "a"/);
    expectUndefined(precision(confusionMatrix([]), 'a'), /nothing was predicted/);
  });
});
