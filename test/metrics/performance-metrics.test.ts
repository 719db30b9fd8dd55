import { describe, expect, it } from 'vitest';
import { type LabelledEvidence, modelMetrics, performance } from '../../src/metrics/performance-metrics.ts';
import { METRIC_NAMES, METRICS, type MetricName } from '../../src/metrics/table.ts';
import { performanceCases } from '../stats/conformance-cases.ts';
import { expectClose } from '../stats/expect-computed.ts';
import { expectNoValue, type Measured, metricValue } from './full-path.ts';

type Cell = { readonly prediction: string; readonly label: string; readonly count: number };

function classification(cells: readonly Cell[], positive?: string): Measured {
  return modelMetrics(1_000, { task: 'classification', cells, positive });
}

/** One cell a row: counting up is the store's business. */
function cellsOf(predictions: readonly string[], labels: readonly string[]): Cell[] {
  return predictions.map((prediction, i) => ({ prediction, label: labels[i] as string, count: 1 }));
}

function regression(predictions: readonly number[], labels: readonly number[]): Measured {
  const errors = predictions.map((prediction, i) => prediction - (labels[i] as number));
  const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
  return modelMetrics(predictions.length, {
    task: 'regression',
    moments: {
      n: labels.length,
      sumError: sum(errors),
      sumAbsoluteError: sum(errors.map(Math.abs)),
      sumSquaredError: sum(errors.map((error) => error ** 2)),
      sumLabel: sum(labels),
      sumSquaredLabel: sum(labels.map((label) => label ** 2)),
    },
  });
}

/** The metrics of the published case that driftd has under the same name. */
function expectPublished(metrics: Measured, expected: Readonly<Record<string, number>>): void {
  const known = Object.keys(expected).filter((name) => metrics.has(name as MetricName)) as MetricName[];
  expect(known.length).toBeGreaterThan(2);
  for (const name of known) expectClose(metricValue(metrics, name), expected[name] as number);
}

describe('modelMetrics', () => {
  it.each(performanceCases().binary)(
    'meets the published case $name',
    ({ labels, scores, threshold, expected }) => {
      const predictions = scores.map((score) => String(score >= threshold ? 1 : 0));
      expectPublished(classification(cellsOf(predictions, labels.map(String))), expected);
    },
  );

  it.each(performanceCases().multiclass)(
    'meets the published case $name',
    ({ labels, predictions, expected }) => {
      expectPublished(classification(cellsOf(predictions, labels)), expected);
    },
  );

  it.each(performanceCases().regression)(
    'meets the published case $name',
    ({ labels, predictions, expected }) => {
      expectPublished(regression(predictions, labels), expected);
    },
  );

  it('gives every metric of the task, and the counts', () => {
    const names = METRIC_NAMES.filter((name) => METRICS[name].scope === 'model');
    const both = [...classification([]).keys(), ...regression([], []).keys()];
    expect([...new Set(both)].sort()).toEqual([...names].sort());
  });

  it('counts predictions where nothing is labelled, and has no number else', () => {
    expect([...modelMetrics(7, undefined).keys()]).toEqual(['predictions', 'labelled']);
    for (const metrics of [classification([]), regression([], [])]) {
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
  it('rests on the number of labelled predictions', () => {
    const evidence: LabelledEvidence = {
      task: 'classification',
      cells: [{ prediction: 'a', label: 'b', count: 4 }],
      positive: undefined,
    };
    for (const result of performance(evidence)) expect(result).toMatchObject({ n: 4, baselineN: 0 });
  });
});
