import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gaussian, seededRandom } from '../../src/base/random.ts';
import { type Distributions, distributionLines, distributionsOf } from '../../src/metrics/distributions.ts';
import type { FeatureSpec } from '../../src/profile/feature-spec.ts';
import { buildGrid } from '../../src/profile/grid.ts';
import { fold } from '../profile/profiles.ts';

function distributions(
  spec: FeatureSpec,
  reference: readonly unknown[],
  current: readonly unknown[],
): Distributions {
  const found = distributionsOf(spec, fold(spec, reference), fold(spec, current));
  if (found === undefined) throw new Error('there is nothing to draw');
  return found;
}

function categorical(categories: readonly string[]): FeatureSpec {
  return { kind: 'categorical', categories, acceptsNumbers: false, complete: true };
}

describe('the distributions that an alert carries', () => {
  it('show a shift of numbers as two lines of the same scale', () => {
    const random = seededRandom(7);
    const before = Array.from({ length: 2_000 }, () => 50 + 10 * gaussian(random));
    const spec: FeatureSpec = { kind: 'numeric', grid: buildGrid(before) };
    const [above, below] = distributionLines(
      distributions(
        spec,
        before,
        before.map((x) => x + 25),
      ),
    );
    expect([...above]).toHaveLength(20);
    expect([...below]).toHaveLength(20);
    const peak = (line: string): number => [...line].findIndex((block) => block === '█' || block === '▇');
    expect(peak(below)).toBeGreaterThan(peak(above) + 4);
  });

  it('show categories apart, and one that is new', () => {
    const spec = categorical(['a', 'b']);
    const found = distributions(spec, ['a', 'a', 'b'], ['b', 'c']);
    expect(found).toEqual({
      kind: 'categorical',
      labels: ['a', 'b', 'c'],
      reference: [0.67, 0.33, 0],
      current: [0, 0.5, 0.5],
    });
    expect(distributionLines(found)).toEqual(['█ ▄  ', '  ▆ ▆']);
  });

  it('stay small, whatever the categories are called and however many there are', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 300 }), { maxLength: 60 }), (names) => {
        const categories = [...new Set(names)];
        const values = [...categories, 'another'];
        const found = distributions(categorical(categories), values, values);
        expect(found.labels.length).toBeLessThanOrEqual(20);
        for (const label of found.labels) expect([...label].length).toBeLessThanOrEqual(32);
        for (const side of [found.reference, found.current]) expect(side).toHaveLength(found.labels.length);
      }),
      { numRuns: 100 },
    );
  });

  it('keep what is rare different from what is not there', () => {
    const many = Array.from({ length: 100_000 }, () => 'a');
    const { current } = distributions(categorical(['a', 'b']), ['a', 'b'], [...many, 'b']);
    expect(current).toEqual([1, 0.00001]);
  });

  it('are not there when neither side has a value', () => {
    const spec = categorical(['a']);
    expect(distributionsOf(spec, fold(spec, []), fold(spec, [null]))).toBeUndefined();
  });
});
