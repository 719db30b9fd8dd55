import { describe, expect, it } from 'vitest';
import { hasDrifted, verdictLine } from '../../../src/cli/compare/verdict.ts';
import type { ComparedFeature, Comparison } from '../../../src/pipeline/compare/comparison.ts';
import { comparisonOf } from './example-comparison.ts';

const example = comparisonOf({ x: [1, 2, 3] }, { x: [1, 2, 3] });

function feature(name: string, change: Partial<ComparedFeature> = {}): ComparedFeature {
  const [any] = example.features;
  if (any === undefined) throw new Error('no feature');
  return { ...any, name, status: 'ok', drifted: false, ...change };
}

function comparison(features: readonly ComparedFeature[], multivariate?: ComparedFeature): Comparison {
  return { ...example, features, multivariate };
}

describe('the verdict', () => {
  it('counts features and names those that drifted', () => {
    const steady = comparison([feature('a'), feature('b')]);
    expect(verdictLine(steady)).toBe('no drift in 2 features');
    expect(hasDrifted(steady)).toBe(false);
    const many = Array.from({ length: 9 }, (_, i) => feature(`f${i}`, { drifted: true }));
    expect(verdictLine(comparison([...many, feature('z')]))).toBe(
      '9 of 10 features drifted: f0, f1, f2, f3, f4, f5 and 3 more',
    );
  });

  it('tells of the answers of a model, and of the features taken together', () => {
    const drifted = comparison(
      [
        feature('a'),
        feature('p', { drifted: true, role: 'prediction' }),
        feature('score', { drifted: true, role: 'score' }),
      ],
      feature('__multivariate__', { drifted: true, role: 'multivariate' }),
    );
    expect(verdictLine(drifted)).toBe(
      'no drift in 1 feature; the prediction (p) drifted; the score drifted; the numeric features taken together drifted',
    );
    expect(hasDrifted(drifted)).toBe(true);
    const alone = feature('a', { drifted: true });
    expect(verdictLine({ ...drifted, features: [alone] })).toBe('1 of 1 feature drifted: a');
  });

  it('counts what could not be compared', () => {
    expect(verdictLine(comparison([feature('a'), feature('b', { status: 'no_data' })]))).toBe(
      'no drift in 2 features; 1 could not be compared',
    );
  });
});
