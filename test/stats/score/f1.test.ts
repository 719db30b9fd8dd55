import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { confusionMatrix } from '../../../src/stats/score/confusion.ts';
import { f1 } from '../../../src/stats/score/f1.ts';
import { anyMatrix, binaryCases, matrixOf } from '../confusion-cases.ts';
import { definedValue, expectClose, expectUndefined } from '../expect-computed.ts';

describe('f1', () => {
  it.each(binaryCases())('meets the reference value of %s', (_name, matrix, expected) => {
    expectClose(definedValue(f1(matrix, '1')), expected['f1'] as number);
  });

  it('lies between 0 and 1 wherever it is defined', () => {
    fc.assert(
      fc.property(anyMatrix, (matrix) => {
        const score = f1(matrix, 'a');
        if (!score.defined) return;
        expect(score.value).toBeGreaterThanOrEqual(0);
        expect(score.value).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('is 1 when everything is right', () => {
    expectClose(definedValue(f1(matrixOf(['a', 'b', 'c'], ['a', 'b', 'c']), 'a')), 1, 1e-12);
  });

  it('is 0 when the positive class is on one side only', () => {
    expect(definedValue(f1(matrixOf(['b'], ['a']), 'a'))).toBe(0);
    expect(definedValue(f1(matrixOf(['a'], ['b']), 'a'))).toBe(0);
  });

  it('gives a reason when the positive class does not occur', () => {
    expectUndefined(f1(matrixOf(['b'], ['b']), 'a'), /nothing is predicted or labelled as "a"/);
    expectUndefined(f1(confusionMatrix([]), 'a'), /nothing is predicted or labelled/);
  });
});
