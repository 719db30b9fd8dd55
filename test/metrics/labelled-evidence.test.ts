import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/base/random.ts';
import { MAX_CLASS_PAIRS } from '../../src/metrics/class-metrics.ts';
import {
  type JudgedEvent,
  LabelledEvidenceBuilder,
  type PerformancePolicy,
} from '../../src/metrics/labelled-evidence.ts';
import { expectClose } from '../stats/expect-computed.ts';
import { expectNoValue, type Measured, metricValue } from './full-path.ts';

const FRAUD: PerformancePolicy = { task: 'classification', positive: 'fraud', threshold: 0.5 };
const PRICE: PerformancePolicy = { task: 'regression', positive: undefined, threshold: 0.5 };

function judge(policy: PerformancePolicy, events: Iterable<Partial<JudgedEvent>>): Measured {
  const builder = new LabelledEvidenceBuilder(policy);
  for (const { prediction, score, label } of events) builder.add({ prediction, score, label });
  return new Map(builder.results().map((result) => [result.metric, result]));
}

describe('LabelledEvidenceBuilder', () => {
  it('believes the prediction, and the score only where there is none', () => {
    const metrics = judge(FRAUD, [
      { prediction: 'ok', score: 0.99, label: 'ok' },
      { score: 0.5, label: 'fraud' },
      { prediction: '', score: 0.4, label: 'ok' },
    ]);
    expect(metricValue(metrics, 'accuracy')).toBe(1);
    expect(metricValue(metrics, 'roc_auc')).toBe(0.5);
    expect(metrics.get('accuracy')).toMatchObject({ n: 3 });
  });

  it('takes its threshold from the policy', () => {
    const events = [
      { score: 0.3, label: 'fraud' },
      { score: 0.1, label: 'ok' },
    ];
    expect(metricValue(judge(FRAUD, events), 'recall')).toBe(0);
    expect(metricValue(judge({ ...FRAUD, threshold: 0.3 }, events), 'recall')).toBe(1);
  });

  it('passes over what is not labelled, not predicted, or no number', () => {
    const classes = judge(FRAUD, [
      { prediction: 'ok' },
      { label: 'ok' },
      { score: Number.NaN, label: 'ok' },
      { prediction: 'ok', score: Number.POSITIVE_INFINITY, label: 'ok' },
    ]);
    expect(classes.get('accuracy')).toMatchObject({ n: 1 });
    expectNoValue(classes, 'roc_auc', 'no_data');
    const numbers = judge(PRICE, [
      { prediction: 'a', label: 3 },
      { prediction: 3 },
      { prediction: 3, label: '4' },
      { prediction: 3, label: 5 },
    ]);
    expect(numbers.get('mae')).toMatchObject({ n: 1, value: 2 });
    for (const result of judge(FRAUD, []).values()) expect(result.status).toBe('no_data');
    for (const result of judge(PRICE, []).values()) expect(result.status).toBe('no_data');
  });

  it('knows true and 1 as positive without being told', () => {
    for (const [yes, no] of [
      [true, false],
      [1, 0],
      ['1', '0'],
    ] as const) {
      const events = [
        { score: 0.9, label: yes },
        { score: 0.2, label: no },
      ];
      expect(metricValue(judge({ ...FRAUD, positive: undefined }, events), 'f1')).toBe(1);
      expect(metricValue(judge({ ...FRAUD, positive: undefined }, events), 'roc_auc')).toBe(1);
    }
    const untold = judge({ ...FRAUD, positive: undefined }, [{ score: 0.9, label: 'fraud' }]);
    expectNoValue(untold, 'roc_auc', 'undefined');
    expectNoValue(untold, 'accuracy', 'undefined');
  });

  it('says of a window with one class what can be said', () => {
    const metrics = judge(FRAUD, [
      { score: 0.1, label: 'ok' },
      { score: 0.2, label: 'ok' },
    ]);
    for (const name of ['roc_auc', 'average_precision', 'log_loss'] as const) {
      expectNoValue(metrics, name, 'undefined');
    }
    expectClose(metricValue(metrics, 'brier'), 0.025, 1e-12);
    expect(metricValue(metrics, 'accuracy')).toBe(1);
  });

  it('does not grow with classes: past the bound they are none', () => {
    function* numbers(): Generator<Partial<JudgedEvent>> {
      for (let i = 0; i < MAX_CLASS_PAIRS + 500; i += 1) yield { prediction: i, label: i };
    }
    const builder = new LabelledEvidenceBuilder(FRAUD);
    for (const { prediction, label } of numbers()) builder.add({ prediction, label, score: undefined });
    const evidence = builder.evidence();
    expect(evidence.task === 'classification' && evidence.cells.length).toBe(MAX_CLASS_PAIRS + 1);
    const metrics = judge(FRAUD, numbers());
    expect(metrics.get('accuracy')).toMatchObject({ status: 'undefined', n: MAX_CLASS_PAIRS + 500 });
  });

  it('does not grow with scores: past the bound they are rounded', () => {
    const random = seededRandom(11);
    const events = Array.from({ length: 300_000 }, () => {
      const score = random();
      return { score, label: random() < score ? 'fraud' : 'ok' };
    });
    const metrics = judge(FRAUD, events);
    expect(metrics.get('roc_auc')).toMatchObject({ method: expect.stringContaining('2^-20') });
    // A calibrated score that is spread evenly: P(s' < s | positive, negative) is 5/6.
    expect(metricValue(metrics, 'roc_auc')).toBeCloseTo(5 / 6, 2);
    expect(metricValue(metrics, 'estimated_accuracy')).toBeCloseTo(0.75, 2);
  });

  it('does not grow with errors: past the bound they are cut', () => {
    const random = seededRandom(12);
    const errors = Array.from({ length: 300_001 }, () => random() ** 3);
    const metrics = judge(
      PRICE,
      errors.map((error) => ({ prediction: error, label: 0 })),
    );
    const exactly = errors.toSorted((a, b) => a - b)[150_000] as number;
    expect(metricValue(metrics, 'median_absolute_error')).toBeLessThanOrEqual(exactly);
    expect(metricValue(metrics, 'median_absolute_error')).toBeGreaterThan(exactly * (1 - 2 ** -12));
    expect(metrics.get('median_absolute_error')).toMatchObject({
      method: expect.stringContaining('significant binary digits'),
    });
  });
});
