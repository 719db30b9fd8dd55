import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTextReader, TEXT_LENGTH } from '../../../src/profile/derived/words.ts';

const readText = createTextReader();

/** Of any code points, halves of surrogate pairs among them; most from the more crowded blocks. */
const anyText = fc
  .array(fc.oneof(fc.nat(0x7f), fc.nat(0x17ff), fc.nat(0xffff), fc.nat(0x1ffff), fc.nat(0x10ffff)), {
    maxLength: 60,
  })
  .map((points) => String.fromCodePoint(...points));

function wordsOf(text: string): string[] {
  const words: string[] = [];
  readText(text, (word) => words.push(word));
  return words;
}

describe('the words of a text', () => {
  it('stand between white space, without what surrounds them', () => {
    expect(wordsOf('  "Don\'t" -- he said, e.g. at 10:30…\n')).toEqual([
      "Don't",
      'he',
      'said',
      'e.g',
      'at',
      '10:30',
    ]);
    expect(wordsOf('see https://example.com/a?b=1!')).toEqual(['see', 'https://example.com/a?b=1']);
    expect(wordsOf('550e8400-e29b-41d4')).toEqual(['550e8400-e29b-41d4']);
    expect(wordsOf('no\u00a0break\u2003em\ttab')).toEqual(['no', 'break', 'em', 'tab']);
  });

  it('are there in every script, with their accents', () => {
    expect(wordsOf('Grüße, Ολα τα καλά! Привет мир')).toEqual([
      'Grüße',
      'Ολα',
      'τα',
      'καλά',
      'Привет',
      'мир',
    ]);
    expect(wordsOf('cafe\u0301 हिन्दी में')).toEqual(['cafe\u0301', 'हिन्दी', 'में']);
    expect(wordsOf('𝒜𝒷 𐐀𐐁')).toEqual(['𝒜𝒷', '𐐀𐐁']);
  });

  it('are single letters where a script puts no spaces between them', () => {
    expect(wordsOf('日本語だ、OK')).toEqual(['日', '本', '語', 'だ', 'OK']);
    expect(wordsOf('𠀀𠀁')).toEqual(['𠀀', '𠀁']);
    expect(wordsOf('ที่')).toEqual(['ท']);
  });

  it('are none where there is no letter and no digit', () => {
    expect(wordsOf('')).toEqual([]);
    expect(wordsOf(' \n -- ?! 🙂 \u0301 \ud800')).toEqual([]);
  });
});

describe('the characters of a text', () => {
  it('count by code points, and symbols are what is no letter, mark, digit or white space', () => {
    expect(readText('a b!', () => undefined)).toEqual({ length: 4, symbols: 1 });
    expect(readText('🙂𝒜', () => undefined)).toEqual({ length: 2, symbols: 1 });
    expect(readText('\ud83d', () => undefined)).toEqual({ length: 1, symbols: 1 });
    expect(readText('cafe\u0301', () => undefined)).toEqual({ length: 5, symbols: 0 });
    expect(readText('日 本', () => undefined)).toEqual({ length: 3, symbols: 0 });
  });

  it('agree with regular expressions on any text', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(readText(text, () => undefined)).toEqual({
          length: [...text].length,
          symbols: [...text].filter((character) => !/[\p{L}\p{M}\p{N}\s]/u.test(character)).length,
        });
        const words = wordsOf(text);
        expect(words.filter((word) => !/^[\p{L}\p{N}]/u.test(word) || !text.includes(word))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('are looked at up to a bound', () => {
    const { length } = readText('x'.repeat(10 * TEXT_LENGTH), () => undefined);
    expect(length).toBe(TEXT_LENGTH);
    expect(wordsOf('ab '.repeat(TEXT_LENGTH)).length).toBe(Math.ceil(TEXT_LENGTH / 3));
  });
});
