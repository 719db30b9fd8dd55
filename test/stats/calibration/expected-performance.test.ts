import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/base/random.ts';
import {
  type ExpectedPerformance,
  expectedPerformance,
  type UnlabelledCell,
} from '../../../src/stats/calibration/expected-performance.ts';
import { accuracy } from '../../../src/stats/score/accuracy.ts';
import { confusionMatrix } from '../../../src/stats/score/confusion.ts';
import { f1 } from '../../../src/stats/score/f1.ts';
import { precision } from '../../../src/stats/score/precision.ts';
import { recall } from '../../../src/stats/score/recall.ts';
import { rocAuc } from '../../../src/stats/score/roc-auc.ts';
import { scoreCounts } from '../../../src/stats/score/score-counts.ts';

const anyCells: fc.Arbitrary<UnlabelledCell[]> = fc
  .uniqueArray(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 20 })
  .chain((scores) =>
    fc.tuple(
      ...scores
        .sort((a, b) => a - b)
        .map((score) =>
          fc.record({
            score: fc.constant(score / 100),
            count: fc.integer({ min: 1, max: 50 }),
            probability: fc.integer({ min: 0, max: 100 }).map((percent) => percent / 100),
            predicted: fc.constant(score >= 50),
          }),
        ),
    ),
  );

const METRICS = ['precision', 'recall', 'f1', 'rocAuc'] as const;

function expectationOf(
  expected: ExpectedPerformance | undefined,
  metric: 'accuracy' | (typeof METRICS)[number],
) {
  if (expected === undefined) throw new Error('nothing is expected');
  if (metric === 'accuracy') return expected.accuracy;
  const found = expected[metric];
  if (!found.defined) throw new Error(found.reason);
  return found.value;
}

/** What the metrics are once labels were drawn. */
function drawn(cells: readonly UnlabelledCell[], random: () => number) {
  const counted = cells.map((cell) => {
    let positives = 0;
    for (let i = 0; i < cell.count; i += 1) positives += random() < cell.probability ? 1 : 0;
    return { ...cell, positives, negatives: cell.count - positives };
  });
  return realised(counted);
}

function realised(
  cells: ReadonlyArray<{ score: number; predicted: boolean; positives: number; negatives: number }>,
) {
  const matrix = confusionMatrix(
    cells.flatMap(({ predicted, positives, negatives }) => [
      { prediction: predicted ? 'yes' : 'no', label: 'yes', count: positives },
      { prediction: predicted ? 'yes' : 'no', label: 'no', count: negatives },
    ]),
  );
  return {
    accuracy: accuracy(matrix),
    precision: precision(matrix, 'yes'),
    recall: recall(matrix, 'yes'),
    f1: f1(matrix, 'yes'),
    rocAuc: rocAuc(scoreCounts(cells)),
  };
}

describe('expectedPerformance', () => {
  it('is the performance on counts that are as expected', () => {
    fc.assert(
      fc.property(anyCells, (cells) => {
        const expected = expectedPerformance(cells, []);
        const exact = realised(
          cells.map(({ score, predicted, count, probability }) => ({
            score,
            predicted,
            positives: count * probability,
            negatives: count - count * probability,
          })),
        );
        const value = exact.accuracy.defined ? exact.accuracy.value : Number.NaN;
        expect(expected?.accuracy.value).toBeCloseTo(value, 9);
        for (const metric of METRICS) {
          const [found, wanted] = [expected?.[metric], exact[metric]];
          expect(found?.defined).toBe(wanted.defined);
          if (found?.defined && wanted.defined) expect(found.value.value).toBeCloseTo(wanted.value, 9);
        }
      }),
    );
  });

  it('has a confusion matrix that adds up to all items', () => {
    fc.assert(
      fc.property(anyCells, (cells) => {
        const expected = expectedPerformance(cells, []);
        const { truePositives, falsePositives, falseNegatives, trueNegatives } = expected!;
        const sum = truePositives.value + falsePositives.value + falseNegatives.value + trueNegatives.value;
        expect(sum).toBeCloseTo(
          cells.reduce((total, { count }) => total + count, 0),
          6,
        );
      }),
    );
  });

  it.each(['accuracy', ...METRICS] as const)(
    'knows the standard error of %s, as many draws have it',
    (metric) => {
      const random = seededRandom(9);
      const cells = Array.from({ length: 20 }, (_, i) => ({
        score: (i + 0.5) / 20,
        count: 40 + i,
        probability: (i + 0.5) / 20,
        predicted: i >= 12,
      }));
      const { value, standardError } = expectationOf(expectedPerformance(cells, []), metric);
      const draws = Array.from({ length: 3_000 }, () => {
        const result = drawn(cells, random)[metric];
        return result.defined ? result.value : Number.NaN;
      });
      const mean = draws.reduce((sum, draw) => sum + draw, 0) / draws.length;
      const variance = draws.reduce((sum, draw) => sum + (draw - mean) ** 2, 0) / draws.length;
      expect(mean).toBeCloseTo(value, 2);
      expect(Math.abs(Math.sqrt(variance) / standardError - 1)).toBeLessThan(0.06);
    },
  );

  it('is less sure where little is known of the probabilities', () => {
    const cells = [
      { score: 0.2, count: 500, probability: 0.2, predicted: false, block: 0 },
      { score: 0.9, count: 500, probability: 0.9, predicted: true, block: 1 },
    ];
    const exact = expectedPerformance(cells, [0, 0])?.accuracy.standardError ?? 0;
    const rough = expectedPerformance(cells, [0.01, 0])?.accuracy.standardError ?? 0;
    // Half of the items may be wrong by 0.1 each, all in the same direction.
    expect(rough ** 2 - exact ** 2).toBeCloseTo(0.05 ** 2, 12);
  });

  it('has reasons where a metric has no meaning, and says nothing of nothing', () => {
    const none = { score: 0.1, count: 5, probability: 0, predicted: false };
    const expected = expectedPerformance([none], []);
    expect(expected?.accuracy.value).toBe(1);
    for (const metric of METRICS) expect(expected?.[metric]).toMatchObject({ defined: false });
    expect(expectedPerformance([], [])).toBeUndefined();
    const all = expectedPerformance([{ ...none, probability: 1 }], []);
    expect(all?.rocAuc).toMatchObject({ defined: false });
  });
});
