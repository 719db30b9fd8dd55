import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nameTest } from '../../../src/rules/globs.ts';
import { mayOverlap } from '../../../src/rules/lint/overlap.ts';

describe('mayOverlap', () => {
  it.each([
    [['*'], ['fraud'], true],
    [['fraud'], ['churn'], false],
    [['fraud'], ['fraud', 'churn'], true],
    [['fraud-*'], ['churn-*'], false],
    [['fraud-*'], ['*-eu'], true],
    [['*-us'], ['*-eu'], false],
    [['fraud-*'], ['fraud'], false],
    [['*', '!fraud'], ['fraud'], false],
    [['!fraud'], ['fraud'], false],
    [['!fraud'], ['churn'], true],
    [['{a,b}'], ['b'], true],
  ])('of %j and %j is %s', (a, b, expected) => {
    expect(mayOverlap(a, b)).toBe(expected);
    expect(mayOverlap(b, a)).toBe(expected);
  });

  it('is never false where some name fits both', () => {
    const piece = fc.constantFrom('a', 'b', '*', '?', '{a,b}', 'ab', '!a', '-');
    const globs = fc.array(
      fc.array(piece, { minLength: 1, maxLength: 4 }).map((pieces) => pieces.join('')),
      { minLength: 1, maxLength: 3 },
    );
    const name = fc.array(fc.constantFrom('a', 'b', '-'), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(globs, globs, name, (a, b, letters) => {
        const text = letters.join('');
        if (nameTest(a)(text) && nameTest(b)(text)) expect(mayOverlap(a, b)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});
