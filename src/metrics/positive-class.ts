/** Pairs of classes whose first everybody takes for the positive one. */
const CONVENTIONS = [
  ['true', 'false'],
  ['1', '0'],
] as const;

/** The classes that are positive where the configuration names none; others need to be named. */
export const CONVENTIONAL_POSITIVES: readonly string[] = CONVENTIONS.map(([positive]) => positive);

/**
 * The positive class where the configuration names none: booleans and 0/1 need no configuration, since everybody means
 * true and 1. Undefined for any other class among them, and without classes.
 */
export function conventionalPositive(classes: Iterable<string>): string | undefined {
  const met = [...classes];
  if (met.length === 0) return undefined;
  return CONVENTIONS.find((pair) => met.every((name) => name === pair[0] || name === pair[1]))?.[0];
}
