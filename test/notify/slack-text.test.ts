import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { count, numberText, slackName, slackText } from '../../src/notify/slack-text.ts';

describe('slackText', () => {
  it('escapes what Slack takes for mentions and links, and nothing else', () => {
    expect(slackText('<!channel> a & b', 100)).toBe('&lt;!channel&gt; a &amp; b');
  });

  it('folds lines into one', () => {
    expect(slackText(' a\n\n b\tc ', 100)).toBe('a b c');
  });

  it('never exceeds its limit and never cuts a character or an escape in two', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '&', '<', '😀', ' ') });
    fc.assert(
      fc.property(text, fc.integer({ min: 2, max: 60 }), (original, limit) => {
        const safe = slackText(original, limit);
        expect(safe.length).toBeLessThanOrEqual(limit);
        expect(safe.isWellFormed()).toBe(true);
        expect(safe.replace(/&(?:amp|lt|gt);/g, '')).not.toMatch(/[&<>]/);
      }),
    );
  });
});

describe('slackName', () => {
  it('cannot be left by a backtick in the name', () => {
    expect(slackName('a`b')).toBe("`a'b`");
  });
});

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
