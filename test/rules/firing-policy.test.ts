import { describe, expect, it } from 'vitest';
import { parseFor } from '../../src/rules/firing-policy.ts';

describe('parseFor', () => {
  it.each([
    ['2/3', { needed: 2, of: 3 }],
    [' 2 / 3 ', { needed: 2, of: 3 }],
    ['2', { needed: 2, of: 2 }],
    [2, { needed: 2, of: 2 }],
    ['1/1000', { needed: 1, of: 1000 }],
  ])('reads %j', (value, policy) => {
    expect(parseFor(value)).toEqual(policy);
  });

  it.each([
    '3/2',
    '0',
    '0/3',
    '1/1001',
    '',
    '2/',
    '/3',
    '1.5',
    '-1',
    '2 of 3',
    '5m',
    1.5,
    -1,
    Number.NaN,
    1e21,
  ])('refuses %j', (value) => {
    expect(parseFor(value)).toBeUndefined();
  });
});
