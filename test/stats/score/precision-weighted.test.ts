import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { confusionMatrix } from '../../../src/stats/score/confusion.ts';
import { precisionWeighted } from '../../../src/stats/score/precision-weighted.ts';
import { anyMatrix, matrixOf } from '../confusion-cases.ts';
import { definedValue, expectClose, expectUndefined } from '../expect-computed.ts';

describe('precisionWeighted', () => {
  it('lies between 0 and 1 wherever it is defined', () => {
    fc.assert(
      fc.property(anyMatrix, (matrix) => {
        const score = precisionWeighted(matrix);
        if (!score.defined) return;
        expect(score.value).toBeGreaterThanOrEqual(0);
        expect(score.value).toBeLessThanOrEqual(1 + 1e-12);
      }),
    );
  });

  it('is 1 when everything is right', () => {
    expectClose(definedValue(precisionWeighted(matrixOf(['a', 'b', 'b'], ['a', 'b', 'b']))), 1, 1e-12);
  });

  it('weighs a class by its share of the labels; one that is never predicted adds a 0', () => {
    // Precision is 2/3 for a and for b, and 0 for c; three, two and one of six labels.
    const matrix = matrixOf(['a', 'a', 'b', 'b', 'b', 'a'], ['a', 'a', 'a', 'b', 'b', 'c']);
    expectClose(definedValue(precisionWeighted(matrix)), (5 / 6) * (2 / 3), 1e-12);
  });

  it('gives a reason when nothing has a label', () => {
    expectUndefined(precisionWeighted(confusionMatrix([])), /no prediction has a label/);
  });
});
