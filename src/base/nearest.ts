import { distance } from 'fastest-levenshtein';

/**
 * The known word that a user most likely meant, or undefined when none is close.
 *
 * Close means: at most a third of the letters differ (Levenshtein distance), and at least one may. Two letters that
 * stand in the wrong order count as one.
 */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestEdits = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of known) {
    const found = edits(word.toLowerCase(), candidate.toLowerCase());
    if (found < bestEdits) {
      best = candidate;
      bestEdits = found;
    }
  }
  return best;
}

/** `; did you mean "x"?`, or the empty text. Appended to messages about unknown words. */
export function didYouMean(word: string, known: Iterable<string>): string {
  const best = nearest(word, known);
  return best === undefined ? '' : `; did you mean "${best}"?`;
}

function edits(word: string, candidate: string): number {
  const found = distance(word, candidate);
  return found === 2 && lettersOf(word) === lettersOf(candidate) ? 1 : found;
}

function lettersOf(word: string): string {
  return [...word].sort().join('');
}
