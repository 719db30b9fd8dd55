/** Takes two columns of a terminal: East Asian wide and full-width characters, and most emoji. */
const WIDE =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6\p{Emoji_Presentation}]/u;
/** The narrow forms of Japanese and Korean letters. */
const HALF = /^[\uff61-\uffdc\uffe8-\uffee]/;
/** Moves no cursor by itself: accents, joiners, variation selectors. */
const ZERO = /^(?:\p{M}|\p{Cf})/u;

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** How many columns a text takes on a terminal, near enough for tables. */
export function textWidth(text: string): number {
  let width = 0;
  for (const { segment } of segmenter.segment(text)) {
    if (!ZERO.test(segment)) width += WIDE.test(segment) && !HALF.test(segment) ? 2 : 1;
  }
  return width;
}

/** Fits a text into a width: fills it up with spaces, or cuts it with an ellipsis. */
export function fitted(text: string, width: number): string {
  const own = textWidth(text);
  return own > width ? fitted(cut(text, width), width) : text + ' '.repeat(width - own);
}

/** At most this wide, with an ellipsis where something was cut off. */
export function cut(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  let kept = '';
  let taken = 1;
  for (const { segment } of segmenter.segment(text)) {
    taken += textWidth(segment);
    if (taken > width) break;
    kept += segment;
  }
  return `${kept}…`;
}
