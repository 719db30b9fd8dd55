import { TEXT_OUTPUTS, type TextDerivation } from './derivation.ts';
import type { Derive } from './derive.ts';
import { createTextReader } from './words.ts';

/** Words that are kept, the most frequent first. */
const VOCABULARY = 20_000;
/** Longest word that is kept, in UTF-16 units. */
const WORD_LENGTH = 64;
/** Distinct words that are counted while the most frequent ones are being found. */
const COUNTED_WORDS = 200_000;

/** Fits what texts are seen by: their words. Undefined when there is no text. */
export function fitText(source: string, values: Iterable<unknown>): TextDerivation | undefined {
  const readText = createTextReader();
  const counts = new Map<string, number>();
  let texts = 0;
  for (const value of values) {
    if (typeof value !== 'string') continue;
    texts += 1;
    readText(value, (written) => {
      if (written.length > WORD_LENGTH) return;
      const word = written.toLowerCase();
      const count = counts.get(word);
      if (count !== undefined || counts.size < COUNTED_WORDS) counts.set(word, (count ?? 0) + 1);
    });
  }
  if (texts === 0) return undefined;
  const ranked = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const vocabulary = ranked.slice(0, VOCABULARY).map(([word]) => word);
  return { kind: 'text', source, outputs: TEXT_OUTPUTS, vocabulary: vocabulary.sort() };
}

/**
 * Sees a text by its length in code points, by its number of words, by the share of its characters that are no letter, no
 * digit and no white space, and by the share of its words that the baseline does not have (upper and lower case are the
 * same). An empty text has no shares, and one without words none of words: they are missing.
 *
 * A value that is no string is invalid.
 */
export function deriveFromText({ outputs, vocabulary }: TextDerivation): Derive {
  const known = new Set(vocabulary);
  const readText = createTextReader();
  const picked = outputs.map((output) => TEXT_OUTPUTS.indexOf(output));
  const seen: Array<number | null> = TEXT_OUTPUTS.map(() => null);
  let words = 0;
  let unseen = 0;
  const onWord = (word: string): void => {
    words += 1;
    if (word.length > WORD_LENGTH || !(known.has(word) || known.has(word.toLowerCase()))) unseen += 1;
  };
  return (from, into) => {
    const value = from(0);
    if (typeof value !== 'string') {
      const nothing = value === null || value === undefined ? null : Number.NaN;
      for (let i = 0; i < picked.length; i += 1) into[i] = nothing;
      return;
    }
    words = 0;
    unseen = 0;
    const { length, symbols } = readText(value, onWord);
    seen[0] = length;
    seen[1] = words;
    seen[2] = length === 0 ? null : symbols / length;
    seen[3] = words === 0 ? null : unseen / words;
    for (let i = 0; i < picked.length; i += 1) into[i] = seen[picked[i] as number] as number | null;
  };
}
