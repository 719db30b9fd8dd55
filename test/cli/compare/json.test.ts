import { describe, expect, it } from 'vitest';
import { comparisonJson } from '../../../src/cli/compare/json.ts';
import type { Comparison } from '../../../src/pipeline/compare/comparison.ts';
import { comparisonOf, exampleComparison } from './example-comparison.ts';

// biome-ignore lint/suspicious/noExplicitAny: what a program reads has no types
function parsed(comparison: Comparison): any {
  return JSON.parse(comparisonJson(comparison));
}

describe('the JSON of a comparison', () => {
  it('has the documented keys', () => {
    const comparison = exampleComparison();
    const document = parsed(comparison);
    expect(document).toMatchObject({
      reference_rows: comparison.reference.rows,
      current_rows: comparison.current.rows,
      drifted_features: comparison.features.filter(({ drifted }) => drifted).map(({ name }) => name),
      multivariate: { kind: 'numeric' },
      performance: { reference: { accuracy: expect.any(Number) }, current: { accuracy: expect.any(Number) } },
    });
    for (const feature of comparison.features) {
      expect(document.features[feature.name]).toMatchObject({
        kind: feature.kind,
        status: feature.status,
        reason: feature.reason,
        n: feature.n,
        baseline_n: feature.baselineN,
        drifted: feature.drifted,
        alerts: feature.alerts,
        metrics: expect.any(Object),
      });
    }
  });

  it('gives metrics with p-value and size, and those of one sample with the reference beside them', () => {
    const { features } = parsed(comparisonOf({ x: [1, 2, 3, 4] }, { x: [2, 3, 4, 9] }));
    expect(features.x.metrics.ks).toEqual({
      value: 0.25,
      p_value: expect.any(Number),
      n: 4,
      baseline_n: 4,
      method: expect.any(String),
    });
    expect(features.x.metrics.mean).toMatchObject({ value: 4.5, baseline_value: 2.5 });
    expect(features.x.metrics.q_value).toEqual({
      value: null,
      status: 'not_enough_data',
      reason: expect.stringContaining('too few'),
    });
  });

  it('leaves performance out where there is none', () => {
    expect(parsed(comparisonOf({ x: [1, 2] }, { x: [1, 2] }))).not.toHaveProperty('performance');
  });

  it('takes a column called __proto__ for one like any other', () => {
    const columns = Object.fromEntries([
      ['__proto__', [1, 2, 3]],
      ['constructor', [1, 2, 3]],
    ]);
    const example = comparisonOf({ x: [1, 2, 3] }, { x: [1, 2, 3] });
    const [feature] = example.features;
    if (feature === undefined) throw new Error('no feature');
    const named = Object.keys(columns).map((name) => ({ ...feature, name }));
    const text = comparisonJson({ ...example, features: named });
    expect(text).toContain('"__proto__":{"kind":"numeric"');
    expect(text).toContain('"constructor":{"kind":"numeric"');
  });
});
