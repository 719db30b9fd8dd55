import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nameTest } from '../../src/rules/globs.ts';

describe('nameTest', () => {
  it.each([
    [['*'], 'anything/at.all', true],
    [['*'], '', true],
    [['*'], 'two\nlines', true],
    [['*'], '__score__', true],
    [['fraud'], 'fraud', true],
    [['fraud'], 'fraud-eu', false],
    [['fraud-*'], 'fraud-eu', true],
    [['fraud-*'], 'fraud-eu/card', true],
    [['team/*'], 'team/fraud', true],
    [['*'], '.hidden', true],
    [['amount_??'], 'amount_7d', true],
    [['amount_??'], 'amount_30d', false],
    [['{age,income}'], 'income', true],
    [['age', 'income'], 'income', true],
    [['age', 'income'], 'amount', false],
    [['a[0]'], 'a[0]', true],
    [['a.b'], 'axb', false],
    [['*', '!age'], 'age', false],
    [['*', '!age'], 'income', true],
    [['!age', '!v*'], 'v12', false],
    [['!age', '!v*'], 'income', true],
  ])('%j fits %j: %s', (globs, name, expected) => {
    expect(nameTest(globs)(name)).toBe(expected);
  });

  it('never throws, and every name fits itself', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 40 }), fc.string(), (glob, name) => {
        const fits = nameTest([glob]);
        fits(name);
        if (!glob.startsWith('!')) expect(fits(glob)).toBe(true);
      }),
    );
  });
});
