import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/base/random.ts';
import { compareTables, featureOf, normals, type Table } from './tables.ts';

const N = 600;

describe('a model', () => {
  const answers = (seed: number, wrong: number): Table => {
    const random = seededRandom(seed);
    const labels = Array.from({ length: N }, () => (random() < 0.4 ? 'yes' : 'no'));
    const scores = labels.map((label) => (label === 'yes' ? 0.5 : 0.1) + random() / 2);
    const predictions = labels.map((label) => (random() < wrong ? (label === 'yes' ? 'no' : 'yes') : label));
    return [
      ['label', labels],
      ['answer', predictions],
      ['confidence', scores],
      ['x', normals(seed, N)],
    ];
  };
  const named = { label: 'label', prediction: 'answer', score: 'confidence' };

  it('is judged on both tables; its answers are compared apart from the features', async () => {
    const comparison = await compareTables(answers(1, 0.1), answers(2, 0.4), {
      ...named,
      performance: { positive: 'yes' },
    });
    const values = (side: 'reference' | 'current'): Map<string, number | undefined> =>
      new Map(comparison.performance?.[side].map((r) => [r.metric, r.status === 'ok' ? r.value : undefined]));
    expect(values('reference').get('accuracy')).toBeCloseTo(0.9, 1);
    expect(values('current').get('accuracy')).toBeCloseTo(0.6, 1);
    expect(values('current').get('f1')).toBeDefined();
    expect(values('current').get('roc_auc')).toBeGreaterThan(0.8);
    expect(comparison.features.map(({ name, role }) => [name, role]).sort()).toEqual([
      ['answer', 'prediction'],
      ['confidence', 'score'],
      ['x', 'feature'],
    ]);
    expect(featureOf(comparison, 'x').metrics.get('q_value')?.method).toMatch(/over 1 features/);
    expect(featureOf(comparison, 'answer').metrics.get('q_value')?.method).toMatch(/over 2 features/);
  });

  it('that gives numbers is judged by its errors', async () => {
    const numbers = (seed: number, error: number): Table => [
      ['label', normals(seed, N, 50, 10)],
      ['answer', normals(seed, N, 50 + error, 10)],
    ];
    const { performance } = await compareTables(numbers(1, 0), numbers(2, 3), {
      label: 'label',
      prediction: 'answer',
    });
    const mae = performance?.current.find(({ metric }) => metric === 'mae');
    expect(mae).toMatchObject({ status: 'ok', n: N });
    expect(mae?.status === 'ok' && mae.value).toBeCloseTo(3, 6);
  });

  it('of which only the score is known answers by the threshold', async () => {
    const { performance } = await compareTables(answers(1, 0.1), answers(2, 0.4), {
      label: 'label',
      score: 'confidence',
      ignore: ['answer'],
      performance: { positive: 'yes', threshold: 0.55 },
    });
    const accuracy = performance?.reference.find(({ metric }) => metric === 'accuracy');
    expect(accuracy?.status === 'ok' && accuracy.value).toBeGreaterThan(0.8);
  });

  it('is not judged without labels', async () => {
    const { label: _, ...without } = named;
    expect((await compareTables(answers(1, 0), answers(2, 0), without)).performance).toBeUndefined();
  });
});
