import { expect, it } from 'vitest';
import { performanceLines } from '../../../src/cli/compare/performance-table.ts';
import type { MetricResult } from '../../../src/metrics/result.ts';

function ok(metric: MetricResult['metric'], value: number, n: number): MetricResult {
  return { metric, n, baselineN: 0, method: 'of a test', status: 'ok', value };
}

function none(metric: MetricResult['metric'], reason: string): MetricResult {
  return { metric, n: 0, baselineN: 0, method: 'none', status: 'undefined', reason };
}

it('sets both tables side by side, and says at the end why some metrics have no value', () => {
  const lines = performanceLines(
    {
      reference: [
        ok('accuracy', 0.93251, 4000),
        ok('f1', 0.7, 4000),
        none('roc_auc', 'no scores'),
        none('ece', 'no scores'),
      ],
      current: [
        ok('accuracy', 0.885, 1000),
        none('f1', 'one class'),
        none('roc_auc', 'no scores'),
        none('ece', 'no scores'),
      ],
    },
    (text) => text,
  );
  expect(lines.map((line) => line.replaceAll(/ +/g, ' '))).toEqual([
    ' performance reference current change labelled rows',
    ' accuracy 0.9325 0.885 -0.0475 4,000 → 1,000',
    ' f1 0.7 – 4,000 → 0 one class',
    ' roc_auc, ece: no scores',
  ]);
});
