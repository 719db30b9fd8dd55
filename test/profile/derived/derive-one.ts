import type { Derivation } from '../../../src/profile/derived/derivation.ts';
import { deriverFor } from '../../../src/profile/derived/deriver.ts';

/** What a derivation gives for an event with these features: null is missing, NaN invalid. */
export function deriveOne(
  derivation: Derivation,
  features: Readonly<Record<string, unknown>>,
): Record<string, number | null | undefined> {
  const { names, derive } = deriverFor(derivation);
  const into: Array<number | null> = [];
  derive((feature) => features[feature], into);
  return Object.fromEntries(names.map((name, i) => [name, into[i]]));
}
