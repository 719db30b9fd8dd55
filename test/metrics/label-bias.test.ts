import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/base/random.ts';
import { labelBias } from '../../src/metrics/label-bias.ts';
import { maturityMetrics, maturityText } from '../../src/metrics/maturity.ts';
import { performanceDetails } from '../../src/metrics/performance-details.ts';
import { scoreCounts } from '../../src/stats/score/score-counts.ts';

const [HOUR, DAY] = [3_600_000, 86_400_000];

describe('label_bias', () => {
  it('is the distance of scores with its p-value, or that of classes', () => {
    const numbers = { kind: 'numbers', of: 'score', labelled: 500, unlabelled: 500, distance: 0.1 } as const;
    expect(labelBias(numbers)).toMatchObject({
      status: 'ok',
      value: 0.1,
      pValue: expect.closeTo(0.0134, 3),
      n: 1000,
    });
    const classes = { kind: 'classes', labelled: [80, 20], unlabelled: [500, 500] } as const;
    expect(labelBias(classes)).toMatchObject({ status: 'ok', value: expect.closeTo(0.3, 12) });
    expect((labelBias(classes) as { pValue: number }).pValue).toBeLessThan(1e-6);
    expect(labelBias({ kind: 'classes', labelled: [80], unlabelled: [50] })).toMatchObject({
      value: 0,
      pValue: 1,
    });
  });

  it('says nothing of a handful, nor of nothing', () => {
    expect(labelBias(undefined)).toMatchObject({ status: 'no_data' });
    const few = { kind: 'numbers', of: 'score', labelled: 19, unlabelled: 500, distance: 0.9 } as const;
    expect(labelBias(few)).toMatchObject({
      status: 'not_enough_data',
      reason: '19 predictions with a label and 500 without one; 20 of each are needed',
    });
  });

  it('is significant no more often than it says where labels come at random', () => {
    const random = seededRandom(9);
    let alarms = 0;
    for (let round = 0; round < 400; round += 1) {
      const counts = [0, 1, 2, 3].map(() => ({ labelled: 0, unlabelled: 0 }));
      for (let i = 0; i < 400; i += 1) {
        const known = counts[Math.floor(random() * 4)] as { labelled: number; unlabelled: number };
        known[random() < 0.3 ? 'labelled' : 'unlabelled'] += 1;
      }
      const result = labelBias({
        kind: 'classes',
        labelled: counts.map(({ labelled }) => labelled),
        unlabelled: counts.map(({ unlabelled }) => unlabelled),
      });
      if (result.status === 'ok' && (result.pValue ?? 1) < 0.05) alarms += 1;
    }
    expect(alarms / 400).toBeLessThan(0.08);
  });
});

describe('the maturity of a window', () => {
  it('is its share of labels and its age', () => {
    const [coverage, age] = maturityMetrics({ predictions: 200, labelled: 50, age: DAY });
    expect(coverage).toMatchObject({ status: 'ok', value: 0.25, n: 200 });
    expect(age).toMatchObject({ status: 'ok', value: 86_400 });
    expect(maturityMetrics({ predictions: 0, labelled: 0, age: 0 })[0]).toMatchObject({ status: 'no_data' });
    expect(maturityMetrics({ predictions: 9, labelled: 10, age: 0 })[0]).toMatchObject({ value: 1 });
  });

  it('is told, and that it is none, until there are enough labels or it is too late for more', () => {
    const policy = { horizon: 30 * DAY, matureCoverage: 0.8 };
    const about = { predictions: 1000, labelled: 799, age: 6 * HOUR };
    const text = '79.9 % of 1000 predictions have a label 6h after the window';
    expect(maturityText(about, policy)).toBe(`immature: ${text}; later ones may change this`);
    expect(maturityText({ ...about, labelled: 800 }, policy)).toBe(text.replace('79.9', '80'));
    expect(maturityText({ ...about, age: 30 * DAY }, policy)).toBe(text.replace('6h', '30d'));
  });
});

it('behind the performance of a window lie its pairs, its classes and its calibration', () => {
  const details = performanceDetails({
    task: 'classification',
    positive: 'fraud',
    threshold: 0.5,
    cells: [
      { prediction: 'fraud', label: 'fraud', count: 8 },
      { prediction: 'ok', label: 'fraud', count: 2 },
      { prediction: 'ok', label: 'ok', count: 90 },
    ],
    byThreshold: [{ label: 'fraud', above: 4, below: 0 }],
    scores: {
      counts: scoreCounts([
        { score: 0.1, positives: 0, negatives: 9 },
        { score: 0.11, positives: 1, negatives: 0 },
        { score: 1, positives: 3, negatives: 1 },
      ]),
      step: 0,
    },
  });
  expect(details?.confusion).toEqual([
    { prediction: 'ok', label: 'ok', count: 90 },
    { prediction: 'fraud', label: 'fraud', count: 12 },
    { prediction: 'ok', label: 'fraud', count: 2 },
  ]);
  expect(details?.confusionRest).toBe(0);
  expect(details?.classes[1]).toEqual({
    name: 'fraud',
    precision: 1,
    recall: 12 / 14,
    f1: 24 / 26,
    support: 14,
  });
  expect(details?.calibration).toEqual([
    { bin: 0, count: 9, meanScore: expect.closeTo(0.1, 12), share: 0 },
    { bin: 1, count: 1, meanScore: 0.11, share: 1 },
    { bin: 9, count: 4, meanScore: 1, share: 0.75 },
  ]);
});
