import { describe, expect, it } from 'vitest';
import type { TextDerivation } from '../../../src/profile/derived/derivation.ts';
import { fitText } from '../../../src/profile/derived/text.ts';
import { deriveOne } from './derive-one.ts';

function fitted(...texts: unknown[]): TextDerivation {
  const derivation = fitText('t', texts);
  if (derivation === undefined) throw new Error('there is no text');
  return derivation;
}

const GREETINGS = fitted('Hello world', 'hello again, 7 times', null, 5);

function measures(t: unknown, derivation = GREETINGS): unknown[] {
  return Object.values(deriveOne(derivation, { t }));
}

describe('a text', () => {
  it('is seen by its length, its words, its symbols, and the words that the baseline does not have', () => {
    expect(deriveOne(GREETINGS, { t: 'HELLO, brave new world' })).toEqual({
      't.length': 22,
      't.words': 4,
      't.symbol_share': 1 / 22,
      't.unseen_word_share': 0.5,
    });
    expect(measures('🙂!')).toEqual([2, 0, 1, null]);
  });

  it('has no shares when it is empty', () => {
    expect(measures('')).toEqual([0, 0, null, null]);
    expect(measures(' ')).toEqual([1, 0, 0, null]);
  });

  it('is missing where it is null or absent, and invalid where it is no string', () => {
    expect(measures(null)).toEqual([null, null, null, null]);
    expect(measures(undefined)).toEqual([null, null, null, null]);
    for (const value of [0, true, ['hello'], {}, Number.NaN]) {
      expect(measures(value)).toEqual([Number.NaN, Number.NaN, Number.NaN, Number.NaN]);
    }
  });

  it('gives only what is profiled, in that order', () => {
    const some = { ...GREETINGS, outputs: ['words', 'unseen_word_share'] } as const;
    expect(deriveOne(some, { t: 'hello you' })).toEqual({ 't.words': 2, 't.unseen_word_share': 0.5 });
  });
});

describe('the vocabulary', () => {
  it('is of words in lower case, in order', () => {
    expect(GREETINGS.vocabulary).toEqual(['7', 'again', 'hello', 'times', 'world']);
  });

  it('keeps the 20 000 most frequent words', () => {
    const words = Array.from({ length: 21_000 }, (_, i) => `w${i}`);
    const texts = [words.join(' '), words.slice(1_000).join(' ')];
    const { vocabulary } = fitted(...texts.flatMap((text) => text.match(/.{1,10000}(?: |$)/g) ?? []));
    expect(vocabulary.length).toBe(20_000);
    expect(vocabulary).not.toContain('w0');
    expect(vocabulary).toContain('w1000');
  });

  it('has no word of more than 64 characters: such a word is never known', () => {
    const long = 'x'.repeat(65);
    const derivation = fitted(`${long} short ${long}`);
    expect(derivation.vocabulary).toEqual(['short']);
    expect(measures(long, derivation).at(-1)).toBe(1);
  });

  it('takes words such as __proto__ and constructor for words', () => {
    expect(measures('constructor toString').at(-1)).toBe(1);
    expect(measures('__proto__', fitted('__proto__')).at(-1)).toBe(0);
  });

  it('is of nothing where there is no text', () => {
    expect(fitText('t', [null, 3, undefined])).toBeUndefined();
    expect(fitted('').vocabulary).toEqual([]);
  });
});
