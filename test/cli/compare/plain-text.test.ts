import { describe, expect, it } from 'vitest';
import { counted, OF_A_NOTE, plainFileText } from '../../../src/cli/compare/plain-text.ts';

describe('plainFileText', () => {
  it('leaves what can be read as it is, joined emoji and right-to-left scripts among it', () => {
    for (const text of ['amount', 'Côte d’Ivoire', '👩‍👩‍👧', 'שלום', '<b>&"\'', '__proto__']) {
      expect(plainFileText(text)).toBe(text);
    }
  });

  it('writes out what cannot be seen or turns the direction of the text', () => {
    expect(plainFileText('a\u0000b\tc\u001b[31m')).toBe('a\\u0000b\\u0009c\\u001b[31m');
    expect(plainFileText('\u202egnp\u2069\u200f\ufeff')).toBe('\\u202egnp\\u2069\\u200f\\ufeff');
    expect(plainFileText('\ud83d')).toBe('\\ud83d');
  });

  it('gives an empty text a name, and cuts a long one between characters', () => {
    expect(plainFileText('')).toBe('(empty)');
    expect(plainFileText('🎉'.repeat(300))).toBe(`${'🎉'.repeat(200)}… (600 characters)`);
    expect(plainFileText('x'.repeat(2000), OF_A_NOTE)).toHaveLength(2000);
  });
});

describe('counted', () => {
  it('counts one thing and several', () => {
    expect([counted(1, 'row'), counted(0, 'row'), counted(12_345, 'row')]).toEqual([
      '1 row',
      '0 rows',
      '12,345 rows',
    ]);
  });
});
