import { expect, it } from 'vitest';
import { floatOf, type SqlFloat, sqlFloat } from '../../src/store/sql-number.ts';

it.each([0, -1.5, Number.MAX_VALUE, Number.MIN_VALUE])('leaves %d a number', (value) => {
  expect(sqlFloat(value)).toBe(value);
});

it('takes the sign that the engine gives to what is undefined for nothing', () => {
  expect(floatOf('-nan')).toBe(Number.NaN);
});

it.each([
  [Number.POSITIVE_INFINITY, 'inf'],
  [Number.NEGATIVE_INFINITY, '-inf'],
  [Number.NaN, 'nan'],
])('has a word for %d, and knows it again', (value, word) => {
  expect(sqlFloat(value)).toBe(word);
  expect(floatOf(word as SqlFloat)).toBe(value);
});
