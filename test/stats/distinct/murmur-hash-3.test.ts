import { describe, expect, it } from 'vitest';
import { murmurHash3 } from '../../../src/stats/distinct/murmur-hash-3.ts';

/** The text whose code units have these bytes. */
function ofBytes(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('utf16le');
}

describe('murmurHash3', () => {
  it.each([
    ['', 0, 0],
    ['', 1, 0x514e28b7],
    ['', 0xffffffff, 0x81f16f39],
    ['\0\0\0\0', 0, 0x2362f9de],
    ['\xff\xff\xff\xff', 0, 0x76293b50],
    ['!Ce\x87', 0, 0xf55b516b],
    ['!C', 0, 0xa0f7b07a],
    ['test', 0, 0xba6bd213],
    ['aaaa', 0x9747b28c, 0x5a97808a],
    ['aa', 0x9747b28c, 0x5d211726],
    ['abcd', 0x9747b28c, 0xf0478627],
  ])('of the bytes %j under seed %i is what the reference implementation gives', (bytes, seed, hash) => {
    expect(murmurHash3(ofBytes(bytes), seed)).toBe(hash);
  });

  it('tells apart texts that differ in one bit, in order or in a trailing zero', () => {
    const texts = [
      '',
      '\0',
      '\0\0',
      'a',
      'b',
      'ab',
      'ba',
      'abc',
      'abd',
      'abc\0',
      'é',
      'e\u0301',
      '\ud83d\ude00',
    ];
    expect(new Set(texts.map((text) => murmurHash3(text, 7))).size).toBe(texts.length);
  });

  it('depends on every bit of the seed', () => {
    const seeds = Array.from({ length: 32 }, (_, bit) => (1 << bit) >>> 0);
    expect(new Set(seeds.map((seed) => murmurHash3('text', seed))).size).toBe(seeds.length);
  });
});
