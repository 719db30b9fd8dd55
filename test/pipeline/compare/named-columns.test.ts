import { describe, expect, it } from 'vitest';
import { checkNamed, checkRoles, columnOf, featureOf } from '../../../src/pipeline/compare/named-columns.ts';
import { NOTHING_NAMED } from './tables.ts';

const named = {
  ...NOTHING_NAMED,
  prediction: 'answer',
  score: 'p',
  label: 'truth',
  timestamp: 'at',
  ignore: ['id'],
};
const table = (...columns: string[]): { name: string; columns: ReadonlySet<string> } => ({
  name: 't.csv',
  columns: new Set(columns),
});

describe('a column', () => {
  it('is a feature unless it is named as something else', () => {
    const features = ['x', 'answer', 'p', 'truth', 'at', 'id', '__score__'].map((name) =>
      featureOf(name, named),
    );
    expect(features).toEqual([
      'x',
      '__prediction__',
      '__score__',
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(['x', '__prediction__', '__score__'].map((feature) => columnOf(feature, named))).toEqual([
      'x',
      'answer',
      'p',
    ]);
  });

  it('has one role and one kind', () => {
    expect(() => checkRoles({ ...named, categorical: ['answer', 'x'] })).not.toThrow();
    expect(() => checkRoles({ ...named, label: 'p' })).toThrow(
      '"p" is named twice, by --label and by --score',
    );
    expect(() => checkRoles({ ...NOTHING_NAMED, numeric: ['x'], text: ['x'] })).toThrow(
      '--numeric and by --text',
    );
  });
});

describe('a name', () => {
  it('of a role must be a column of both tables', () => {
    const all = table('answer', 'p', 'truth', 'at', 'id');
    expect(() => checkNamed(named, all, all)).not.toThrow();
    expect(() => checkNamed(named, all, table('answer', 'p', 'thruth', 'at'))).toThrow(
      '--label: t.csv has no column "truth"; did you mean "thruth"?',
    );
  });

  it('of a kind must be a column of one of them', () => {
    const kinds = { ...NOTHING_NAMED, numeric: ['x'] };
    expect(() => checkNamed(kinds, table('y'), table('x'))).not.toThrow();
    const many = Array.from({ length: 30 }, (_, i) => `column${i}`);
    expect(() => checkNamed(kinds, table(...many), table('y'))).toThrow(
      /^--numeric: t\.csv has no column "x"; the columns are column0, .*, column19, and 10 more$/,
    );
  });
});
