import { describe, expect, it } from 'vitest';
import {
  type ClassEvidence,
  classifiedCount,
  classMetrics,
  MAX_CLASS_PAIRS,
} from '../../src/metrics/class-metrics.ts';
import type { MetricName } from '../../src/metrics/table.ts';
import type { Computed } from '../../src/stats/computed.ts';
import { scoreCounts } from '../../src/stats/score/score-counts.ts';
import { definedValue, expectClose, expectUndefined } from '../stats/expect-computed.ts';

type Evidence = Omit<ClassEvidence, 'task' | 'positive'> & { readonly positive?: string };

function computed(evidence: Evidence, name: MetricName): Computed {
  return figure(evidence, name).computed;
}

function figure({ positive, ...evidence }: Evidence, name: MetricName) {
  const found = classMetrics({ task: 'classification', positive, ...evidence }).find(
    ({ metric }) => metric === name,
  );
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
}

const SCORES = scoreCounts([
  { score: 0.9, positives: 3, negatives: 1 },
  { score: 0.2, positives: 1, negatives: 5 },
]);

describe('predictions that the threshold makes', () => {
  const byThreshold = [
    { label: 'fraud', above: 3, below: 1 },
    { label: 'ok', above: 1, below: 5 },
  ];

  it('count as the positive class from the threshold on, and as the other one below', () => {
    const evidence = { cells: [], byThreshold, positive: 'fraud' };
    expect(definedValue(computed(evidence, 'precision'))).toBe(3 / 4);
    expect(definedValue(computed(evidence, 'recall'))).toBe(3 / 4);
    expect(definedValue(computed(evidence, 'accuracy'))).toBe(8 / 10);
    expect(definedValue(computed(evidence, 'recall_macro'))).toBe((3 / 4 + 5 / 6) / 2);
    expect(figure(evidence, 'accuracy').n).toBe(10);
    expect(classifiedCount({ task: 'classification', ...evidence })).toBe(10);
  });

  it('add to those that came as classes', () => {
    const cells = [{ prediction: 'ok', label: 'fraud', count: 4 }];
    expect(definedValue(computed({ cells, byThreshold, positive: 'fraud' }, 'recall'))).toBe(3 / 8);
  });

  it('set all other classes against the positive one, where there are several', () => {
    const more = [...byThreshold, { label: 'chargeback', above: 2, below: 0 }];
    const evidence = { cells: [{ prediction: 'ok', label: 'chargeback', count: 1 }], byThreshold: more };
    const told = { ...evidence, positive: 'fraud' };
    expect(definedValue(computed(told, 'accuracy'))).toBe(9 / 13);
    expect(definedValue(computed(told, 'precision'))).toBe(3 / 6);
    expect(definedValue(computed(told, 'balanced_accuracy'))).toBe((3 / 4 + 6 / 9) / 2);
  });

  it('need a name for the positive class, unless it is true or 1', () => {
    expectUndefined(computed({ cells: [], byThreshold }, 'accuracy'), /positive/);
    expect(figure({ cells: [], byThreshold }, 'accuracy').n).toBe(10);
    const numbered = byThreshold.map((cell) => ({ ...cell, label: cell.label === 'fraud' ? '1' : '0' }));
    expect(definedValue(computed({ cells: [], byThreshold: numbered }, 'f1'))).toBe(3 / 4);
  });
});

describe('metrics of scores', () => {
  const cells = [
    { prediction: 'fraud', label: 'fraud', count: 3 },
    { prediction: 'ok', label: 'ok', count: 5 },
  ];
  const evidence = { cells, positive: 'fraud', scores: { counts: SCORES, step: 0 } };

  it('rest on the scores, and say so', () => {
    expect(definedValue(computed(evidence, 'roc_auc'))).toBe((3 * 5 + (3 + 5) / 2) / 24);
    expect(figure(evidence, 'roc_auc').n).toBe(10);
    expectClose(definedValue(computed(evidence, 'estimated_accuracy')), (4 * 0.9 + 6 * 0.8) / 10, 1e-12);
    expectClose(
      definedValue(computed({ ...evidence, threshold: 0.95 }, 'estimated_accuracy')),
      (4 * 0.1 + 6 * 0.8) / 10,
      1e-12,
    );
    expect(figure({ ...evidence, threshold: 0.95 }, 'estimated_accuracy').method).toContain('0.95');
  });

  it('tell when scores were rounded', () => {
    const rounded = { ...evidence, scores: { counts: SCORES, step: 2 ** -20 } };
    expect(figure(rounded, 'brier').method).toContain('multiples of 2^-20');
    expect(figure(evidence, 'brier').method).not.toContain('multiples');
  });

  it('give a reason without scores, and without a positive class', () => {
    expectUndefined(computed({ cells, positive: 'fraud' }, 'roc_auc'), /no labelled prediction has a score/);
    expect(figure({ cells, positive: 'fraud' }, 'roc_auc').n).toBe(0);
    expectUndefined(computed({ cells, scores: evidence.scores }, 'roc_auc'), /positive/);
  });

  it('need scores between 0 and 1, but for those that only rank', () => {
    const counts = scoreCounts([
      { score: 7, positives: 1, negatives: 0 },
      { score: -7, positives: 0, negatives: 1 },
    ]);
    const logits = { ...evidence, scores: { counts, step: 0 } };
    expect(definedValue(computed(logits, 'roc_auc'))).toBe(1);
    expect(definedValue(computed(logits, 'average_precision'))).toBe(1);
    for (const name of ['log_loss', 'brier', 'ece', 'estimated_accuracy'] as const) {
      expectUndefined(computed(logits, name), /outside 0 to 1/);
    }
  });
});

describe('too many classes', () => {
  it('are taken for none, and the reason says what to do', () => {
    const cells = Array.from({ length: MAX_CLASS_PAIRS + 1 }, (_, i) => ({
      prediction: `${i}`,
      label: `${i}.5`,
      count: 1,
    }));
    expectUndefined(computed({ cells }, 'accuracy'), /task: regression/);
    expect(definedValue(computed({ cells: cells.slice(1) }, 'accuracy'))).toBe(0);
  });
});
