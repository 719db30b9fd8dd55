import { visibleText } from '../visible-text.ts';

/** Characters that are shown of a name: it may be as long as its file. */
const OF_A_NAME = 200;

/** Characters that are shown of a note, which may list names. */
export const OF_A_NOTE = 2000;

/**
 * A text from a file (a name, a category, a path) for people to read: what is unseen is written as an escape such as \u202e, and
 * what is very long is cut.
 */
export function plainFileText(text: string, most = OF_A_NAME): string {
  if (text === '') return '(empty)';
  const characters = text.length > most ? [...text.slice(0, 2 * most + 2)] : [];
  const shown =
    characters.length > most ? `${characters.slice(0, most).join('')}… (${text.length} characters)` : text;
  return visibleText(shown);
}

/** `3 features`, `1 feature`. */
export function counted(count: number, what: string): string {
  return `${count.toLocaleString('en-US')} ${what}${count === 1 ? '' : 's'}`;
}
