import { describe, expect, it } from 'vitest';
import { defined, definedIfFinite, undefinedBecause } from '../../src/stats/computed.ts';

describe('a computed quantity', () => {
  it('carries a value or a reason', () => {
    expect(defined('x')).toEqual({ defined: true, value: 'x' });
    expect(undefinedBecause('the sample has no values')).toEqual({
      defined: false,
      reason: 'the sample has no values',
    });
  });

  it('never carries NaN or Infinity', () => {
    expect(definedIfFinite(2)).toEqual(defined(2));
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      expect(definedIfFinite(value).defined).toBe(false);
    }
  });
});
