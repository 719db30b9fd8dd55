import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteDictionary, hashOf, utf8Text } from '../../../src/ingest/files/byte-dictionary.ts';

function codeOf(dictionary: ByteDictionary, value: string | Buffer): number {
  const bytes = Buffer.concat([Buffer.from('<'), Buffer.from(value), Buffer.from('>')]);
  const to = bytes.length - 1;
  return dictionary.codeOf(bytes, 1, to, hashOf(bytes, 1, to));
}

describe('a dictionary of bytes', () => {
  it('gives each text one code, in the order in which they come, however many there are', () => {
    const texts = fc.array(fc.oneof(fc.string({ unit: 'grapheme' }), fc.nat(300).map(String)), {
      maxLength: 400,
    });
    fc.assert(
      fc.property(texts, texts, (first, second) => {
        const dictionary = new ByteDictionary(utf8Text);
        for (const batch of [first, second]) {
          dictionary.clear();
          const distinct = [...new Set(batch.map((text) => text.toWellFormed()))];
          expect(batch.map((text) => codeOf(dictionary, text))).toEqual(
            batch.map((text) => distinct.indexOf(text.toWellFormed())),
          );
          expect(dictionary.texts).toEqual(distinct);
        }
      }),
    );
  });

  it('keeps texts apart that have the same hash', () => {
    const dictionary = new ByteDictionary(utf8Text);
    const bytes = Buffer.from('abcdab');
    expect([0, 2, 4].map((at) => dictionary.codeOf(bytes, at, at + 2, 7))).toEqual([0, 1, 0]);
  });

  it('gives one code to different bytes that mean the same, and -1 to those that mean nothing', () => {
    const meaning = (bytes: Buffer, from: number, to: number): string | null =>
      utf8Text(bytes, from, to).trim().toLowerCase() || null;
    const dictionary = new ByteDictionary(meaning, true);
    const codes = ['yes', 'no', ' ', 'NO', ' Yes', ''].map((text) => codeOf(dictionary, text));
    expect(codes).toEqual([0, 1, -1, 1, 0, -1]);
    expect(dictionary.texts).toEqual(['yes', 'no']);
  });

  it('gives one code to broken characters that read the same', () => {
    const dictionary = new ByteDictionary(utf8Text);
    const codes = [Buffer.of(0xff), Buffer.of(0xfe), Buffer.from('\uFFFD'), Buffer.from('a')].map((bytes) =>
      codeOf(dictionary, bytes),
    );
    expect(codes).toEqual([0, 0, 0, 1]);
  });
});
