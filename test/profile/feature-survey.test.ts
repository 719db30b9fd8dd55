import { describe, expect, it } from 'vitest';
import { gaussian, seededRandom } from '../../src/base/random.ts';
import type { FeatureSpec } from '../../src/profile/feature-spec.ts';
import { type DeclaredKinds, FeatureSurvey, NOTHING_DECLARED } from '../../src/profile/feature-survey.ts';

function specOf(
  values: Iterable<unknown>,
  {
    name = 'x',
    declared = NOTHING_DECLARED,
    limit = 1_000,
  }: { name?: string; declared?: DeclaredKinds; limit?: number } = {},
): FeatureSpec | undefined {
  const survey = new FeatureSurvey(name, declared);
  for (const value of values) survey.add(value);
  return survey.spec(limit);
}

const NUMERIC: DeclaredKinds = { numeric: new Set(['x']), categorical: new Set() };
const CATEGORICAL: DeclaredKinds = { numeric: new Set(), categorical: new Set(['x']) };

describe('the kind of a feature', () => {
  it('is numeric when most values are numbers, categorical when most are texts or booleans', () => {
    expect(specOf([1, 2, 'x', null])?.kind).toBe('numeric');
    expect(specOf([1, 'y', 'x', {}, []])?.kind).toBe('categorical');
    expect(specOf([true, false])).toMatchObject({ kind: 'categorical', categories: ['false', 'true'] });
  });

  it('is what the user declares', () => {
    expect(specOf([1, 'y', 'x'], { declared: NUMERIC })?.kind).toBe('numeric');
    expect(specOf([1, 2, 2, 'x', Number.POSITIVE_INFINITY], { declared: CATEGORICAL })).toEqual({
      kind: 'categorical',
      categories: ['2', '1', 'x'],
      acceptsNumbers: true,
      complete: true,
    });
  });

  it('is unknown where the declared one has no value', () => {
    expect(specOf(['y', null], { declared: NUMERIC })).toBeUndefined();
  });

  it('is categorical without categories where there was never a value, unless it is the model’s output', () => {
    expect(specOf([null, undefined, null])).toMatchObject({
      kind: 'categorical',
      categories: [],
      complete: true,
    });
    expect(specOf([undefined], { name: '__prediction__' })).toBeUndefined();
    expect(specOf([undefined], { name: '__score__' })).toBeUndefined();
  });
});

describe('the categories of a feature', () => {
  it('are the most frequent ones, ties in the order of their names', () => {
    const values = [...'ccbbaadd'];
    expect(specOf(values, { limit: 3 })).toMatchObject({ categories: ['a', 'b', 'c'], complete: false });
    expect(specOf([...values, 'd'], { limit: 3 })).toMatchObject({
      categories: ['d', 'a', 'b'],
      complete: false,
    });
    expect(specOf([...values].reverse(), { limit: 4 })).toMatchObject({
      categories: ['a', 'b', 'c', 'd'],
      complete: true,
    });
  });

  it('may be empty texts and any Unicode', () => {
    expect(specOf(['', 'é', 'e\u0301', '\ud83d\ude00', '__proto__'])).toMatchObject({
      categories: ['', '__proto__', 'e\u0301', 'é', '\ud83d\ude00'],
    });
  });

  it('are not complete when one is too long to be kept by name', () => {
    const long = 'x'.repeat(257);
    expect(specOf(['a', long])).toMatchObject({ categories: ['a'], complete: false });
    expect(specOf(['a', long.slice(1)])).toMatchObject({ complete: true });
  });

  it('are bounded in memory when every value is another', () => {
    const ids = Array.from({ length: 50_100 }, (_, i) => `id-${i}`);
    const spec = specOf(ids, { limit: 60_000 });
    expect(spec).toMatchObject({ complete: false });
    expect(spec?.kind === 'categorical' && spec.categories.length).toBe(50_000);
  });
});

describe('the grid of a feature', () => {
  it('reaches from the smallest to the largest number, even of a stream too long to be kept', () => {
    const random = seededRandom(7);
    const values = Array.from({ length: 150_000 }, () => gaussian(random));
    const spec = specOf([1e6, ...values, -1e6, ...values.slice(0, 1_000)]);
    if (spec?.kind !== 'numeric') throw new Error('not numeric');
    const { edges } = spec.grid;
    expect(edges.at(-1)).toBe(1e6);
    expect(edges.includes(-1e6)).toBe(true);
  });

  it('is that of a score only for the model’s score, and only when it is a share', () => {
    const widthOf = (values: number[], name: string): number | undefined => {
      const spec = specOf(values, { name });
      return spec?.kind === 'numeric' ? spec.grid.edges.at(-1) : undefined;
    };
    expect(widthOf([0.2, 0.4], '__score__')).toBe(1);
    expect(widthOf([0.2, 0.4], 'x')).toBe(0.4);
    expect(widthOf([0.2, 1.4], '__score__')).toBe(1.4);
    expect(widthOf([-0.2, 0.4], '__score__')).toBe(0.4);
  });
});
