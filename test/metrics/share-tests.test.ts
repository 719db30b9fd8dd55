import { describe, expect, it } from 'vitest';
import { levelMetrics } from '../../src/metrics/level-metrics.ts';
import { testShares } from '../../src/metrics/share-tests.ts';
import { emptyProfile, recorderFor } from '../../src/profile/feature-spec.ts';
import { fisherExact } from '../../src/stats/hypothesis/fisher-exact.ts';
import { measureColumn } from './full-path.ts';

function repeated(...parts: ReadonlyArray<readonly [value: unknown, times: number]>): unknown[] {
  return parts.flatMap(([value, times]) => Array.from({ length: times }, () => value));
}

describe('testShares', () => {
  it('tests the shares of missing and of invalid values against those of the reference', () => {
    const metrics = measureColumn(
      repeated([1, 900], [2, 80], [null, 20]),
      repeated([1, 180], [null, 15], ['x', 5]),
    );
    expect(metrics.get('missing_share')).toMatchObject({
      value: 0.075,
      n: 200,
      baselineN: 1000,
      pValue: fisherExact(15, 200, 20, 1000),
      method: "count / events; Fisher's exact test",
    });
    expect(metrics.get('invalid_share')).toMatchObject({ pValue: fisherExact(5, 200, 0, 1000) });
  });

  it('takes one frequent new category for evidence, and many rare ones for chance', () => {
    const reference = repeated(['a', 3000], ['b', 2000]);
    const frequent = measureColumn(reference, repeated(['a', 600], ['b', 380], ['new', 20]));
    expect(frequent.get('unseen_share')).toMatchObject({ value: 0.02, baselineN: 5000 });
    expect(frequent.get('unseen_share')).toHaveProperty(
      'pValue',
      expect.toSatisfy((p: number) => p < 1e-10),
    );
    const rare = measureColumn(reference, [
      ...repeated(['a', 600], ['b', 380]),
      ...Array.from({ length: 20 }, (_, i) => `new ${i}`),
    ]);
    expect(rare.get('unseen_share')).toMatchObject({ value: 0.02, pValue: 1 });
  });

  it('has nothing to compare with where the reference has no events', () => {
    const spec = { kind: 'categorical', categories: ['a'], acceptsNumbers: false, complete: true } as const;
    const profile = emptyProfile(spec);
    recorderFor(spec)(profile, 'a', () => true);
    const tested = testShares(levelMetrics(spec, profile), emptyProfile(spec), profile);
    for (const result of tested) expect(result).not.toHaveProperty('pValue');
  });
});
