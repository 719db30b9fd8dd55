import { describe, expect, it } from 'vitest';
import type { Answer } from '../../src/event/events.ts';
import { inferTask } from '../../src/metrics/infer-task.ts';

const pairs = (predictions: readonly Answer[], labels: readonly Answer[]) =>
  labels.map((label, i) => ({ label, prediction: predictions[i] }));

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

describe('inferTask', () => {
  it.each([
    ['fractions', pairs([1.5, 2], [1, 2]), 'regression'],
    ['more than twenty whole numbers', pairs(upTo(21), upTo(21)), 'regression'],
    ['more than twenty among the predictions', pairs(upTo(21), upTo(21).fill(3)), 'regression'],
    ['twenty whole numbers', pairs(upTo(20), upTo(20)), 'classification'],
    ['zeros and ones', pairs([0, 1], [1, 1]), 'classification'],
    ['texts', pairs(['a', 'b'], ['b', 'b']), 'classification'],
    ['booleans', pairs([true], [false]), 'classification'],
    ['numbers and one text', pairs([1.5, 'n/a'], [1.5, 2.5]), 'classification'],
    ['no predictions, but scores', pairs([], [0, 1]), 'classification'],
    ['nothing', [], 'classification'],
  ] as const)('reads %s', (_name, sample, task) => {
    expect(inferTask(sample)).toBe(task);
  });
});
