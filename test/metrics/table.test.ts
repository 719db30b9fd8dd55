import { describe, expect, it } from 'vitest';
import { METRIC_NAMES, METRICS, metricDefinition } from '../../src/metrics/table.ts';

describe('the table of metrics', () => {
  it('has a description for every metric, ending like a sentence', () => {
    for (const name of METRIC_NAMES) expect(metricDefinition(name).description).toMatch(/^\S.*\.$/);
  });

  it('has names that a rule can use: lower case, and none twice', () => {
    for (const name of METRIC_NAMES) expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
    expect(new Set(METRIC_NAMES).size).toBe(METRIC_NAMES.length);
  });

  it('compares numbers of a model with nothing: performance is a level, which the baseline has too', () => {
    for (const name of METRIC_NAMES) {
      const { scope, nature, kinds } = METRICS[name];
      if (scope === 'model') expect([nature, kinds]).toEqual(['level', 'any']);
    }
  });
});
