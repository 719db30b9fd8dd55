import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { confusionMatrix } from '../../../src/stats/score/confusion.ts';
import { recallWeighted } from '../../../src/stats/score/recall-weighted.ts';
import { anyMatrix, matrixOf } from '../confusion-cases.ts';
import { definedValue, expectClose, expectUndefined } from '../expect-computed.ts';

describe('recallWeighted', () => {
  it('lies between 0 and 1 wherever it is defined', () => {
    fc.assert(
      fc.property(anyMatrix, (matrix) => {
        const score = recallWeighted(matrix);
        if (!score.defined) return;
        expect(score.value).toBeGreaterThanOrEqual(0);
        expect(score.value).toBeLessThanOrEqual(1 + 1e-12);
      }),
    );
  });

  it('is 1 when everything is right', () => {
    expectClose(definedValue(recallWeighted(matrixOf(['a', 'b', 'b'], ['a', 'b', 'b']))), 1, 1e-12);
  });

  it('is the same as the mean of recall, weighted by the labels of each class', () => {
    // Recall is 2/3 for a, 1 for b, and 0 for c; three, two and one of six labels.
    const matrix = matrixOf(['a', 'a', 'b', 'b', 'b', 'a'], ['a', 'a', 'a', 'b', 'b', 'c']);
    expectClose(definedValue(recallWeighted(matrix)), (3 / 6) * (2 / 3) + 2 / 6, 1e-12);
  });

  it('gives a reason when nothing has a label', () => {
    expectUndefined(recallWeighted(confusionMatrix([])), /no prediction has a label/);
  });
});
