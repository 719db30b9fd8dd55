import { describe, expect, it } from 'vitest';
import { parsePersistence } from '../../src/rules/firing-policy.ts';

describe('parsePersistence', () => {
  it.each([
    ['2/3', { kind: 'windows', needed: 2, of: 3 }],
    [' 2 / 3 ', { kind: 'windows', needed: 2, of: 3 }],
    ['2', { kind: 'windows', needed: 2, of: 2 }],
    [2, { kind: 'windows', needed: 2, of: 2 }],
    ['1/1000', { kind: 'windows', needed: 1, of: 1000 }],
    ['5m', { kind: 'duration', length: 300_000 }],
    [' 1h30m ', { kind: 'duration', length: 5_400_000 }],
    ['0s', { kind: 'duration', length: 0 }],
  ])('reads %j', (value, persistence) => {
    expect(parsePersistence(value)).toEqual(persistence);
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
    '5 minutes',
    '5m/10m',
    1.5,
    -1,
    Number.NaN,
    1e21,
  ])('refuses %j', (value) => {
    expect(parsePersistence(value)).toBeUndefined();
  });
});
