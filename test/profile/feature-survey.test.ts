import { describe, expect, it } from 'vitest';
import { gaussian, seededRandom } from '../../src/base/random.ts';
import type { FeatureSpec } from '../../src/profile/feature-spec.ts';
import {
  type DeclaredKinds,
  type FeatureKind,
  FeatureSurvey,
  NOTHING_DECLARED,
} from '../../src/profile/feature-survey.ts';

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

const NUMERIC: DeclaredKinds = { ...NOTHING_DECLARED, numeric: new Set(['x']) };
const CATEGORICAL: DeclaredKinds = { ...NOTHING_DECLARED, categorical: new Set(['x']) };

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

const SENTENCES = Array.from({ length: 60 }, (_, i) => `order ${i} has not come`);

function kindOf(values: Iterable<unknown>, declared = NOTHING_DECLARED, name = 'x'): FeatureKind {
  const survey = new FeatureSurvey(name, declared);
  for (const value of values) survey.add(value);
  return survey.kind;
}

describe('a text', () => {
  it('is what has enough strings, most of them distinct, of several words', () => {
    expect(kindOf(SENTENCES)).toBe('text');
    expect(specOf(SENTENCES)).toBeUndefined();
    expect(kindOf(SENTENCES.slice(0, 49))).toBe('categorical');
    expect(kindOf([...SENTENCES, ...SENTENCES])).toBe('categorical');
    expect(kindOf([...SENTENCES, ...SENTENCES.slice(0, 50)])).toBe('text');
    expect(kindOf(SENTENCES.map((text) => text.replaceAll(' ', '_')))).toBe('categorical');
  });

  it('is found when it is too long to be a category, and by its characters where a script has no spaces', () => {
    expect(kindOf(SENTENCES.map((text) => `${text} `.repeat(20)))).toBe('text');
    expect(kindOf(SENTENCES.map((_, i) => 'x'.repeat(300 + i)))).toBe('categorical');
    expect(kindOf(SENTENCES.map((_, i) => `荷物${i}がまだ届きません`))).toBe('text');
  });

  it('is found in columns that are counted by value', () => {
    const survey = new FeatureSurvey('x', NOTHING_DECLARED);
    for (const text of SENTENCES) survey.addCategory(text, 1);
    expect(survey.kind).toBe('text');
    survey.addCategory('n/a', 70);
    expect(survey.kind).toBe('categorical');
  });

  it('is no name, no time, no address and no mixture with more numbers', () => {
    const day = (i: number): string => new Date(1e12 + i * 1e7).toISOString();
    for (const textOf of [
      (i: number) => `user-${i}`,
      (i: number) => `First${i} Last${i}`,
      day,
      (i: number) => day(i).replace('T', ' ').slice(0, 19),
      (i: number) => `https://example.com/items/${i}?from=mail`,
      (i: number) => `550e8400-e29b-41d4-a716-4466554400${i + 10}`,
    ]) {
      expect(kindOf(SENTENCES.map((_, i) => textOf(i))), textOf(1)).toBe('categorical');
    }
    expect(kindOf([...SENTENCES, ...SENTENCES.map((_, i) => i), 1])).toBe('numeric');
  });
});

describe('an embedding', () => {
  const vectors = (count: number, length: number): number[][] =>
    Array.from({ length: count }, () => new Array<number>(length).fill(0.5));

  it('is what has mostly arrays of numbers of one length', () => {
    expect(kindOf(vectors(3, 2))).toBe('embedding');
    expect(specOf(vectors(3, 2))).toBeUndefined();
    expect(kindOf([...vectors(3, 8), 'x', 1, null, null, null])).toBe('embedding');
    expect(kindOf([...vectors(3, 8), ...vectors(3, 9)])).toBe('categorical');
    expect(kindOf([...vectors(2, 8), 1, 2])).toBe('numeric');
    expect(kindOf(vectors(3, 1))).toBe('categorical');
    expect(kindOf(vectors(3, 4_097))).toBe('categorical');
    expect(kindOf([['a', 'b']])).toBe('categorical');
  });
});

describe('a kind that is declared', () => {
  const only = (kind: FeatureKind): DeclaredKinds => ({ ...NOTHING_DECLARED, [kind]: new Set(['x']) });

  it('is taken whatever the values are', () => {
    for (const kind of ['numeric', 'categorical', 'text', 'embedding'] as const) {
      for (const values of [[], SENTENCES, [1, 2], [[1, 2]], ['a']])
        expect(kindOf(values, only(kind))).toBe(kind);
    }
    expect(specOf(['a', 'b'], { declared: only('text') })).toBeUndefined();
  });

  it('does not make a text or an embedding of the model’s output', () => {
    for (const name of ['__prediction__', '__score__']) {
      const declared = { ...NOTHING_DECLARED, text: new Set([name]), embedding: new Set([name]) };
      expect(kindOf(SENTENCES, declared, name)).toBe('categorical');
    }
    expect(kindOf(SENTENCES, NOTHING_DECLARED, '__prediction__')).toBe('categorical');
  });
});

describe('the categories of a feature', () => {
  it('are the most frequent ones, ties in the order of their names', () => {
    const values = [...'ccbbaadd'.repeat(20)];
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

describe('whole columns', () => {
  it('tell what their values would one by one', () => {
    const numbers = [3, Number.NaN, 1, 4, 1, 5];
    for (const declared of [NOTHING_DECLARED, CATEGORICAL]) {
      const survey = new FeatureSurvey('x', declared);
      // Only the first six count.
      survey.addNumbers(Float64Array.from([...numbers, 9]), numbers.length);
      expect(survey.spec(100)).toEqual(
        specOf(
          numbers.filter((x) => !Number.isNaN(x)),
          { declared },
        ),
      );
    }
    const survey = new FeatureSurvey('x', NOTHING_DECLARED);
    for (const [category, count] of [
      ['a', 2],
      ['b', 3],
    ] as const)
      survey.addCategory(category, count);
    expect(survey.spec(100)).toEqual(specOf([...'abbab']));
  });

  it('keep as many numbers for the grid as they may', () => {
    const survey = new FeatureSurvey('x', NOTHING_DECLARED, 10);
    survey.addNumbers(
      Float64Array.from({ length: 1_000 }, (_, i) => i),
      1_000,
    );
    const spec = survey.spec(100);
    if (spec?.kind !== 'numeric') throw new Error('not numeric');
    expect(new Set(spec.grid.decilePositions).size).toBe(9);
    expect([spec.grid.edges[1], spec.grid.edges.at(-1)].map(Number)).toEqual([0, 999]);
  });
});

describe('rare categories', () => {
  it('are not kept by name where not all can be', () => {
    const survey = new FeatureSurvey('x', NOTHING_DECLARED);
    for (const [category, count] of [
      ['a', 40],
      ['b', 30],
      ['c', 29],
      ['d', 1],
    ] as const) {
      survey.addCategory(category, count);
    }
    expect(survey.spec(3)).toMatchObject({ categories: ['a', 'b'], complete: false });
    expect(survey.spec(4)).toMatchObject({ categories: ['a', 'b', 'c', 'd'], complete: true });
  });
});
