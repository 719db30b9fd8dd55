/** What is kept of a categorical feature in one pane. Profiles under the same baseline add up. */
export interface CategoricalProfile {
  readonly kind: 'categorical';
  n: number;
  missing: number;
  invalid: number;
  /** Counts per category of the baseline, in the baseline's order. */
  readonly cells: Float64Array;
  /** Categories that the baseline does not have. */
  readonly extra: Map<string, number>;
  /** Values whose category came after the bound on `extra` was reached. */
  other: number;
}

export function emptyCategoricalProfile(categories: number): CategoricalProfile {
  return {
    kind: 'categorical',
    n: 0,
    missing: 0,
    invalid: 0,
    cells: new Float64Array(categories),
    extra: new Map(),
    other: 0,
  };
}

/** The category that a raw JSON value stands for; null when missing, undefined when it is of the wrong type. */
export function categoryOf(value: unknown, acceptsNumbers: boolean): string | null | undefined {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (acceptsNumbers && Number.isFinite(value)) return String(value);
  return undefined;
}

/**
 * Counts one category. `admit` decides whether a category new to the baseline may still be counted by name; it is
 * asked with the same category every time, so that a bound over a whole chunk can be kept by the caller.
 */
export function addCategory(
  profile: CategoricalProfile,
  positions: ReadonlyMap<string, number>,
  category: string,
  admit: (category: string) => boolean,
): void {
  profile.n += 1;
  const position = positions.get(category);
  if (position !== undefined) profile.cells[position]! += 1;
  else if (admit(category)) profile.extra.set(category, (profile.extra.get(category) ?? 0) + 1);
  else profile.other += 1;
}

/** Adds `part` into `into`. Both must be under the same baseline. */
export function mergeCategorical(into: CategoricalProfile, part: CategoricalProfile): void {
  into.n += part.n;
  into.missing += part.missing;
  into.invalid += part.invalid;
  for (let i = 0; i < part.cells.length; i += 1) into.cells[i]! += part.cells[i] as number;
  for (const [category, count] of part.extra)
    into.extra.set(category, (into.extra.get(category) ?? 0) + count);
  into.other += part.other;
}
