/** Characters that are shown of a name: it may be as long as its file. */
const OF_A_NAME = 200;

/** Characters that are shown of a note, which may list names. */
export const OF_A_NOTE = 2000;

/**
 * Characters that cannot be seen, or that turn the direction of what stands beside them. The two joiners are left alone:
 * emoji and several scripts need them.
 */
const UNSEEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]/gu;

/**
 * A text from a file (a name, a category, a path) for people to read: what is unseen is written as an escape such as \u202e, and
 * what is very long is cut.
 */
export function plainFileText(text: string, most = OF_A_NAME): string {
  if (text === '') return '(empty)';
  const characters = text.length > most ? [...text.slice(0, 2 * most + 2)] : [];
  const shown =
    characters.length > most ? `${characters.slice(0, most).join('')}… (${text.length} characters)` : text;
  return shown.replaceAll(UNSEEN, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** `3 features`, `1 feature`. */
export function counted(count: number, what: string): string {
  return `${count.toLocaleString('en-US')} ${what}${count === 1 ? '' : 's'}`;
}
