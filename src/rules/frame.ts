import type { Millis } from '../base/clock.ts';
import { DURATION_FORM, formatDuration, parseDuration } from '../base/duration.ts';
import type { Period } from './alert.ts';

/**
 * A window other than the group's own that a name in a condition is about: the one before it (`previous.psi`), or one of
 * another length that ends where it ends (`w24h.psi`).
 */
export type Frame =
  | { readonly name: 'previous' }
  /** Named by its length as formatDuration writes it, so that `w24h` and `w1d` are one window. */
  | { readonly name: `w${string}`; readonly length: Millis };

/** True for words that can only be meant as a window, well formed or not. */
export function looksLikeFrame(word: string): boolean {
  return word === 'previous' || /^w\d/.test(word);
}

/** The window that a word names, or undefined. */
export function frameOf(word: string): Frame | undefined {
  if (word === 'previous') return { name: word };
  const length = word.startsWith('w') ? parseDuration(word.slice(1)) : undefined;
  return length === undefined || length === 0 ? undefined : { name: `w${formatDuration(length)}`, length };
}

/** What is wrong with a word that looks like a window and is none. */
export function explainFrame(word: string): string {
  return `"${word}" is no window; write w and ${DURATION_FORM}, as in w24h.psi`;
}

/** Where that window lies, given the group's own. */
export function periodOf(frame: Frame, { from, to }: Period): Period {
  return 'length' in frame ? { from: to - frame.length, to } : { from: from - (to - from), to: from };
}
