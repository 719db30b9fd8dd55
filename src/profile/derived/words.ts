/** Of longer texts no more than this is looked at, in UTF-16 units: it bounds the work that one event can make. */
export const TEXT_LENGTH = 16_384;

const SPACE = 1;
const LETTER = 2;
/** An accent or another mark that belongs to the letter before it. */
const MARK = 3;
/** A letter of a script that is written without spaces: each one counts as a word. */
const LONE = 4;
const SYMBOL = 5;

/** What characters a text has. */
interface CharacterCounts {
  /** Code points. */
  readonly length: number;
  /** Code points that are no letter (with its marks), no digit and no white space. */
  readonly symbols: number;
}

/** Reads a text once: counts its characters, and gives its words as they are written, in order. */
export type TextReader = (text: string, onWord: (word: string) => void) => CharacterCounts;

/**
 * Makes a reader. It remembers what kind of character each UTF-16 unit is, so one serves many texts.
 *
 * A word is what stands between white space, without the characters around it that are neither letters nor digits: "don't"
 * is one, and so are "e.g.", an address in the web, and 10:30. A dash that stands alone is none. Chinese, Japanese, Thai,
 * Lao, Khmer and Burmese put no spaces between words; there each letter counts as one.
 */
export function createTextReader(): TextReader {
  const kinds = new Uint8Array(65_536);
  const kindOf = (unit: number): number => {
    const known = kinds[unit] as number;
    if (known !== 0) return known;
    const found = characterKind(String.fromCharCode(unit));
    kinds[unit] = found;
    return found;
  };
  return (text, onWord) => {
    const end = Math.min(text.length, TEXT_LENGTH);
    let pairs = 0;
    let symbols = 0;
    let start = -1;
    let stop = -1;
    for (let i = 0; i < end; i += 1) {
      const unit = text.charCodeAt(i);
      let kind: number;
      let width = 1;
      if (isLead(unit) && i + 1 < end && isTrail(text.charCodeAt(i + 1))) {
        kind = characterKind(text.slice(i, i + 2));
        width = 2;
        pairs += 1;
      } else kind = kindOf(unit);
      if (kind === LETTER || (kind === MARK && start >= 0)) {
        if (start < 0) start = i;
        stop = i + width;
      } else if (kind === SYMBOL) symbols += 1;
      else if (kind !== MARK) {
        if (start >= 0) onWord(text.slice(start, stop));
        start = -1;
        if (kind === LONE) onWord(text.slice(i, i + width));
      }
      i += width - 1;
    }
    if (start >= 0) onWord(text.slice(start, stop));
    return { length: end - pairs, symbols };
  };
}

function isLead(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function isTrail(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}

const WHITE = /^\s$/u;
const ACCENT = /^\p{M}$/u;
const LONE_LETTER =
  /^(?=\p{L})[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]$/u;
const LETTER_OR_DIGIT = /^[\p{L}\p{N}]$/u;

function characterKind(character: string): number {
  if (WHITE.test(character)) return SPACE;
  if (ACCENT.test(character)) return MARK;
  if (LONE_LETTER.test(character)) return LONE;
  return LETTER_OR_DIGIT.test(character) ? LETTER : SYMBOL;
}
