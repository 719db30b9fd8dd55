import { describe, expect, it } from 'vitest';
import { METRIC_NAMES, METRICS, type MetricName, metricDefinition } from '../../src/metrics/table.ts';

describe('the table of metrics', () => {
  it('has a description for every metric, ending like a sentence', () => {
    for (const name of METRIC_NAMES) expect(metricDefinition(name).description).toMatch(/^\S.*\.$/);
  });

  it('has names that a rule can use: lower case, and none twice', () => {
    for (const name of METRIC_NAMES) expect(name).toMatch(/^[a-z][a-z0-9_]*(?:\.[a-z]+)?$/);
    expect(new Set(METRIC_NAMES).size).toBe(METRIC_NAMES.length);
  });

  it('has performance as levels, which the baseline has too', () => {
    for (const name of METRIC_NAMES) {
      const { scope, nature, kinds } = METRICS[name];
      const isOverFeatures = /features$|^drifted|^degraded/.test(name);
      if (scope === 'model')
        expect([nature, kinds]).toEqual([
          name.includes('.') ? 'signal' : isOverFeatures ? 'difference' : 'level',
          'any',
        ]);
    }
  });

  it('says of every metric what it can be, from the least to the most', () => {
    for (const name of METRIC_NAMES) {
      const { range } = METRICS[name];
      expect(range[0], name).toBeLessThan(range[1]);
    }
    const within = (name: MetricName) => METRICS[name].range;
    expect(within('q_value')).toEqual([0, 1]);
    expect(within('psi')).toEqual([0, Number.POSITIVE_INFINITY]);
    expect(within('mcc')).toEqual([-1, 1]);
    expect(within('r2')).toEqual([Number.NEGATIVE_INFINITY, 1]);
  });
});
