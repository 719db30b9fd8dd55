import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDuration, parseDuration } from '../../src/base/duration.ts';

describe('parseDuration', () => {
  it.each([
    ['30s', 30_000],
    ['5m', 300_000],
    ['1h30m', 5_400_000],
    ['7d', 604_800_000],
    ['1w', 604_800_000],
    ['250ms', 250],
    ['1w2d3h4m5s6ms', 788_645_006],
    ['0s', 0],
  ])('reads %s', (text, millis) => {
    expect(parseDuration(text)).toBe(millis);
  });

  it.each([
    '',
    '1',
    '1 h',
    '1.5h',
    '-1h',
    '1h 30m',
    '30m1h',
    '1hour',
    'h',
    '1H',
    ' 1h',
    '1h\n',
    '9999999999999999w',
  ])('refuses %j', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});

describe('formatDuration', () => {
  it.each([
    [0, '0s'],
    [5_400_000, '1h30m'],
    [86_400_000 * 10, '10d'],
    [61_001, '1m1s1ms'],
  ])('writes %d', (millis, text) => {
    expect(formatDuration(millis)).toBe(text);
  });

  it('writes what parseDuration reads back', () => {
    fc.assert(
      fc.property(fc.nat({ max: Number.MAX_SAFE_INTEGER }), (millis) => {
        expect(parseDuration(formatDuration(millis))).toBe(millis);
      }),
    );
  });
});
