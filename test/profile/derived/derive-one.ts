import type { Derivation } from '../../../src/profile/derived/derivation.ts';
import { deriverFor } from '../../../src/profile/derived/deriver.ts';

/** What a derivation gives for an event with these features: null is missing, NaN invalid. */
export function deriveOne(
  derivation: Derivation,
  features: Readonly<Record<string, unknown>>,
): Record<string, number | null | undefined> {
  const { names, sources, derive } = deriverFor(derivation);
  const into: Array<number | null> = [];
  derive((place) => features[sources[place] as string], into);
  return Object.fromEntries(names.map((name, i) => [name, into[i]]));
}
