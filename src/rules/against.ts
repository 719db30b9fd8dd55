import type { Millis } from '../base/clock.ts';
import { DURATION_FORM, formatDuration, parseDuration } from '../base/duration.ts';
import { didYouMean } from '../base/nearest.ts';

/** What a rule group compares its windows with. */
export type Against =
  | { readonly kind: 'baseline' }
  | { readonly kind: 'previous' }
  | { readonly kind: 'same_window_last_week' }
  /** All windows that end within this time before the window begins. */
  | { readonly kind: 'rolling'; readonly span: Millis }
  /** The same window of another version of the model. */
  | { readonly kind: 'version'; readonly version: string };

const WORDS = ['baseline', 'previous', 'same_window_last_week', 'rolling', 'version'] as const;

const FORM = 'baseline, previous, same_window_last_week, rolling(28d) or version(6)';

const CALL = /^(rolling|version)\((.*)\)$/s;

/**
 * Reads what stands behind `against:`.
 *
 * @returns a text that says what is wrong when it cannot be read.
 */
export function parseAgainst(text: string): Against | string {
  if (text === 'baseline' || text === 'previous' || text === 'same_window_last_week') return { kind: text };
  const [, word, argument] = CALL.exec(text) ?? [];
  if (word === 'version') {
    const version = argument?.trim() ?? '';
    return version === ''
      ? 'version() needs the name of a version, such as version(6)'
      : { kind: word, version };
  }
  if (word === 'rolling') {
    const span = parseDuration(argument?.trim() ?? '');
    return span === undefined || span === 0 ? `rolling() needs ${DURATION_FORM}` : { kind: word, span };
  }
  const hint = didYouMean(text.replace(/\(.*$/s, ''), WORDS);
  return `"${text}" is nothing to compare with; expected ${FORM}${hint}`;
}

/** Writes what parseAgainst reads. This text names the comparison in the store, too. */
export function formatAgainst(against: Against): string {
  if (against.kind === 'rolling') return `rolling(${formatDuration(against.span)})`;
  if (against.kind === 'version') return `version(${against.version})`;
  return against.kind;
}
