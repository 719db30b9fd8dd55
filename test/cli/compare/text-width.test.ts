import { describe, expect, it } from 'vitest';
import { cut, fitted, textWidth } from '../../../src/cli/compare/text-width.ts';

describe('the width of a text', () => {
  it.each([
    ['', 0],
    ['plain', 5],
    ['日本の列', 8],
    ['ﾊﾝｶｸ', 4],
    ['한국', 4],
    ['e\u0301té', 3],
    ['👍🏽', 2],
    ['a\u200bb', 2],
  ])('of %j is %i', (text, width) => {
    expect(textWidth(text)).toBe(width);
  });

  it('is kept when a text is fitted: with spaces, or with an ellipsis where something is cut', () => {
    expect(fitted('ab', 4)).toBe('ab  ');
    expect(fitted('abcdef', 4)).toBe('abc…');
    expect(fitted('日本の列', 6)).toBe('日本… ');
    expect(cut('日本', 9)).toBe('日本');
  });
});
