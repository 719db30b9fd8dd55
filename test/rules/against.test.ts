import { describe, expect, it } from 'vitest';
import { formatAgainst, parseAgainst } from '../../src/rules/against.ts';

describe('parseAgainst', () => {
  it.each([
    ['baseline', { kind: 'baseline' }],
    ['previous', { kind: 'previous' }],
    ['same_window_last_week', { kind: 'same_window_last_week' }],
    ['rolling(28d)', { kind: 'rolling', span: 28 * 86_400_000 }],
    ['version(6)', { kind: 'version', version: '6' }],
    ['version( 2026-11 (b) )', { kind: 'version', version: '2026-11 (b)' }],
  ])('reads %s', (text, against) => {
    expect(parseAgainst(text)).toEqual(against);
  });

  it.each([
    ['previus', /is nothing to compare with; expected baseline, .*; did you mean "previous"\?/],
    ['roling(28d)', /did you mean "rolling"\?/],
    ['', /is nothing to compare with/],
    ['rolling', /is nothing to compare with/],
    ['rolling(28)', /rolling\(\) needs a duration such as/],
    ['rolling(0s)', /rolling\(\) needs a duration such as/],
    ['version()', /version\(\) needs the name of a version/],
  ])('says what is wrong with %j', (text, message) => {
    expect(parseAgainst(text)).toMatch(message);
  });
});

describe('formatAgainst', () => {
  it.each(['baseline', 'previous', 'same_window_last_week', 'rolling(28d)', 'rolling(1h30m)', 'version(6)'])(
    'writes %s as it was read',
    (text) => {
      const against = parseAgainst(text);
      expect(typeof against === 'string' ? against : formatAgainst(against)).toBe(text);
    },
  );
});
