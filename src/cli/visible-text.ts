/**
 * Characters that cannot be seen, or that turn the direction of what stands beside them. The two joiners are left alone:
 * emoji and several scripts need them.
 */
const UNSEEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]/gu;

/** A text with what is unseen in it written as an escape such as \u202e: it cannot command a terminal, nor begin another line. */
export function visibleText(text: string): string {
  return text.replaceAll(UNSEEN, escaped);
}

/** The same of a text of several lines, whose ends and tabs are ours. */
export function visibleLines(text: string): string {
  return text.replaceAll(UNSEEN, (character) =>
    character === '\n' || character === '\t' ? character : escaped(character),
  );
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
