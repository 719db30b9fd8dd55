import { describe, expect, it } from 'vitest';
import { count, numberText } from '../../../src/notify/message/number-text.ts';

describe('numberText', () => {
  it.each([
    [0.123456, '0.1235'],
    [88, '88'],
    [1.23456e-9, '1.235e-9'],
    [123_456.7, '123457'],
    [-1234.5, '-1234'],
    [Number.NaN, 'NaN'],
    [0, '0'],
  ])('writes %d as %s', (value, text) => {
    expect(numberText(value)).toBe(text);
  });
});

describe('count', () => {
  it('knows one from many', () => {
    expect([count(1, 'alert'), count(2, 'alert')]).toEqual(['1 alert', '2 alerts']);
  });
});
