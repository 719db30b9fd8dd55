import { describe, expect, it } from 'vitest';
import { classCounts, confusionMatrix } from '../../../src/stats/score/confusion.ts';

describe('confusionMatrix', () => {
  it('keeps totals, margins and diagonal', () => {
    const matrix = confusionMatrix([
      { prediction: 'fraud', label: 'fraud', count: 8 },
      { prediction: 'ok', label: 'fraud', count: 2 },
      { prediction: 'ok', label: 'ok', count: 90 },
    ]);
    expect(matrix.total).toBe(100);
    expect(matrix.correct).toBe(98);
    expect(classCounts(matrix, 'fraud')).toEqual({ labelled: 10, predicted: 8, correct: 8 });
    expect(classCounts(matrix, 'ok')).toEqual({ labelled: 90, predicted: 92, correct: 90 });
  });

  it('adds up pairs that come more than once', () => {
    const once = confusionMatrix([{ prediction: 'a', label: 'b', count: 5 }]);
    const twice = confusionMatrix([
      { prediction: 'a', label: 'b', count: 2 },
      { prediction: 'a', label: 'b', count: 3 },
    ]);
    expect(twice).toEqual(once);
  });

  it('does not take a class with no items for a class', () => {
    expect(confusionMatrix([{ prediction: 'a', label: 'b', count: 0 }]).classes.size).toBe(0);
  });

  it('gives zeros for a class it has not met, and takes any name for a class', () => {
    const matrix = confusionMatrix([{ prediction: '__proto__', label: 'constructor', count: 1 }]);
    expect(classCounts(matrix, 'toString')).toEqual({ labelled: 0, predicted: 0, correct: 0 });
    expect(classCounts(matrix, '__proto__')).toEqual({ labelled: 0, predicted: 1, correct: 0 });
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('refuses a count of %d', (count) => {
    expect(() => confusionMatrix([{ prediction: 'a', label: 'a', count }])).toThrow(RangeError);
  });
});
