import { describe, expect, it } from 'vitest';
import { ESTIMATED_METRICS } from '../../src/metrics/estimate-from-profile.ts';
import { type LabelledEvidence, modelMetrics, performance } from '../../src/metrics/performance-metrics.ts';
import { METRIC_NAMES, METRICS, type MetricName } from '../../src/metrics/table.ts';
import { defined, undefinedBecause } from '../../src/stats/computed.ts';
import { scoreCounts } from '../../src/stats/score/score-counts.ts';
import { expectClose } from '../stats/expect-computed.ts';
import { momentsOf } from '../stats/regression-cases.ts';
import { expectNoValue, type Measured, metricValue } from './full-path.ts';

const SCORE_METRICS: readonly MetricName[] = [
  'roc_auc',
  'average_precision',
  'log_loss',
  'brier',
  'ece',
  'estimated_accuracy',
];

type Cell = { readonly prediction: string; readonly label: string; readonly count: number };

function classification(cells: readonly Cell[], positive?: string): Measured {
  return modelMetrics(1_000, { task: 'classification', cells, positive });
}

const NOTHING = modelMetrics(0, {
  task: 'regression',
  moments: momentsOf([], []),
  medianAbsoluteError: undefinedBecause('no prediction has a label'),
});

/** Those that come from the profile of the scores, from the stream of errors, or from all predictions of the window. */
const FROM_ELSEWHERE: readonly MetricName[] = [
  'age',
  'coverage',
  'label_bias',
  ...ESTIMATED_METRICS.filter((metric) => metric !== 'estimated_accuracy'),
  'stream_observations',
];

describe('modelMetrics', () => {
  it('gives every metric of the task, and the counts', () => {
    const names = METRIC_NAMES.filter((name) => {
      const { scope, nature } = METRICS[name];
      return scope === 'model' && nature === 'level' && !FROM_ELSEWHERE.includes(name);
    });
    const both = [...classification([]).keys(), ...NOTHING.keys()];
    expect([...new Set(both)].sort()).toEqual([...names].sort());
  });

  it('counts predictions where nothing is labelled, and has no number else', () => {
    expect([...modelMetrics(7, undefined).keys()]).toEqual(['predictions', 'labelled']);
    for (const metrics of [classification([]), NOTHING]) {
      expect(metricValue(metrics, 'labelled')).toBe(0);
      for (const [name, result] of metrics) {
        if (name !== 'predictions' && name !== 'labelled') expect(result.status).toBe('no_data');
      }
    }
    expect(metricValue(modelMetrics(0, undefined), 'predictions')).toBe(0);
  });

  it('needs to be told the positive class, unless the classes are true and false or 1 and 0', () => {
    const cells = (yes: string, no: string): Cell[] => [
      { prediction: yes, label: yes, count: 3 },
      { prediction: yes, label: no, count: 1 },
      { prediction: no, label: no, count: 5 },
    ];
    expect(metricValue(classification(cells('true', 'false')), 'precision')).toBe(0.75);
    expect(metricValue(classification(cells('1', '0')), 'precision')).toBe(0.75);
    expect(metricValue(classification(cells('fraud', 'ok'), 'fraud'), 'precision')).toBe(0.75);
    expect(metricValue(classification(cells('fraud', 'ok'), 'ok'), 'recall')).toBeCloseTo(5 / 6, 12);
    const untold = classification(cells('fraud', 'ok'));
    expectNoValue(untold, 'f1', 'undefined');
    expect(untold.get('f1')).toMatchObject({ reason: expect.stringContaining('positive') });
    expectClose(metricValue(untold, 'accuracy'), 8 / 9);
  });

  it('says undefined, not 0, where a window has one class', () => {
    const metrics = classification([{ prediction: 'ok', label: 'ok', count: 9 }], 'fraud');
    expect(metricValue(metrics, 'accuracy')).toBe(1);
    expectNoValue(metrics, 'precision', 'undefined');
  });
});

describe('performance', () => {
  it('rests on the number of labelled predictions, and of those that have a score', () => {
    const evidence: LabelledEvidence = {
      task: 'classification',
      cells: [{ prediction: 'a', label: 'b', count: 4 }],
      positive: 'b',
      scores: { counts: scoreCounts([{ score: 0.5, positives: 3, negatives: 0 }]), step: 0 },
    };
    for (const result of performance(evidence)) {
      expect(result).toMatchObject({ n: SCORE_METRICS.includes(result.metric) ? 3 : 4, baselineN: 0 });
    }
  });

  it('says how the median was taken where errors had to be cut', () => {
    const evidence = {
      task: 'regression',
      moments: momentsOf([1, 2], [1, 1]),
      medianAbsoluteError: defined(0.5),
      medianDigits: 14,
    } as const;
    const median = performance(evidence).find(({ metric }) => metric === 'median_absolute_error');
    expect(median).toMatchObject({ value: 0.5, method: expect.stringContaining('14 significant') });
  });
});
