import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { slackName, slackText } from '../../../src/notify/receivers/slack-text.ts';

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
