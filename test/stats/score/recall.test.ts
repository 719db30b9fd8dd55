import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { confusionMatrix } from '../../../src/stats/score/confusion.ts';
import { recall } from '../../../src/stats/score/recall.ts';
import { anyMatrix, binaryCases, matrixOf } from '../confusion-cases.ts';
import { definedValue, expectClose, expectUndefined } from '../expect-computed.ts';

describe('recall', () => {
  it.each(binaryCases())('meets the reference value of %s', (_name, matrix, expected) => {
    expectClose(definedValue(recall(matrix, '1')), expected['recall'] as number);
  });

  it('lies between 0 and 1 wherever it is defined', () => {
    fc.assert(
      fc.property(anyMatrix, (matrix) => {
        const score = recall(matrix, 'a');
        if (!score.defined) return;
        expect(score.value).toBeGreaterThanOrEqual(0);
        expect(score.value).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('is 1 when everything is right', () => {
    expectClose(definedValue(recall(matrixOf(['a', 'b', 'c'], ['a', 'b', 'c']), 'a')), 1, 1e-12);
  });

  it('is 0 when every positive item is missed', () => {
    expect(definedValue(recall(matrixOf(['b'], ['a']), 'a'))).toBe(0);
  });

  it('gives a reason when nothing is labelled as positive', () => {
    expectUndefined(recall(matrixOf(['a'], ['b']), 'a'), /nothing is labelled as "a"/);
    expectUndefined(recall(confusionMatrix([]), 'a'), /nothing is labelled/);
  });
});
