import type { CodeVector, ColumnVector, NumberVector, ValueVector } from '../../ingest/files/column-batch.ts';
import { shortText } from '../../ingest/files/short-text.ts';
import { addCategory, type CategoricalProfile, categoryOf } from '../../profile/categorical-profile.ts';
import { CellLookup } from '../../profile/cell-lookup.ts';
import { type FeatureProfile, type FeatureSpec, recorderFor } from '../../profile/feature-spec.ts';
import { INVALID, MISSING } from '../../profile/no-value.ts';
import { addNumbers, type NumericProfile } from '../../profile/numeric-profile.ts';
import { codeCounts } from './code-counts.ts';

/** New categories of one column that are kept by name. */
const NEW_CATEGORIES = 1_000;
/** Longest category that is kept by name, in UTF-16 units. */
const CATEGORY_LENGTH = 256;

/**
 * Counts a column's cells of one batch.
 *
 * @param cells is filled with what each row counts as: the cell of the grid or the position of the category, their number for
 *   all others, and `MISSING` or `INVALID` for none.
 * @returns the first value of the wrong type, if there is one.
 */
export type ColumnRecorder = (
  profile: FeatureProfile,
  vector: ColumnVector | undefined,
  rows: number,
  cells?: Int32Array,
) => string | undefined;

type Recorder<Vector> = (
  profile: FeatureProfile,
  vector: Vector,
  rows: number,
  cells?: Int32Array,
) => string | undefined;

/** Made once per spec, for both tables: it holds the look-up tables. */
export function columnRecorder(spec: FeatureSpec): ColumnRecorder {
  const numbers = spec.kind === 'numeric' ? numbersOnGrid(spec) : numbersAsCategories(spec);
  const codes = spec.kind === 'numeric' ? codesAsNumbers : codesAsCategories(spec);
  const values = anyValues(spec);
  return (profile, vector, rows, cells) => {
    switch (vector?.type) {
      case 'numbers':
        return numbers(profile, vector, rows, cells);
      case 'codes':
        return codes(profile, vector, rows, cells);
      case 'values':
        return values(profile, vector, rows, cells);
      default:
        profile.missing += rows;
        cells?.fill(MISSING, 0, rows);
        return undefined;
    }
  };
}

type NumericSpec = Extract<FeatureSpec, { readonly kind: 'numeric' }>;
type CategoricalSpec = Extract<FeatureSpec, { readonly kind: 'categorical' }>;

function numbersOnGrid({ grid }: NumericSpec): Recorder<NumberVector> {
  const lookup = new CellLookup(grid.edges);
  return (profile, { values, missing, invalid, invalidExample }, rows, cells) => {
    addNumbers(profile as NumericProfile, grid, lookup, values, rows, cells);
    profile.missing += missing;
    profile.invalid += invalid;
    if (cells !== undefined) spreadInvalid(cells, rows, missing, invalid);
    return invalidExample === undefined ? undefined : shortText(invalidExample);
  };
}

/**
 * Numbers say how many of a batch are missing and how many invalid, and not which: where there are both, rows without a
 * value are given out to either evenly. Batches are short beside blocks of time.
 */
function spreadInvalid(cells: Int32Array, rows: number, missing: number, invalid: number): void {
  const [none, share] = [missing + invalid, invalid / (missing + invalid)];
  for (let row = 0, seen = 0; seen < none && row < rows; row += 1) {
    if (cells[row] !== MISSING) continue;
    seen += 1;
    if (Math.floor(seen * share) > Math.floor((seen - 1) * share)) cells[row] = INVALID;
  }
}

/** Text is no number, whatever it says: readers have made numbers of all that are meant to be. */
function codesAsNumbers(
  profile: FeatureProfile,
  vector: CodeVector,
  rows: number,
  cells?: Int32Array,
): string | undefined {
  const counts = codeCounts(vector, rows);
  const text = counts.reduce((sum, count) => sum + count, 0);
  profile.invalid += text;
  profile.missing += rows - text;
  for (let row = 0; cells !== undefined && row < rows; row += 1)
    cells[row] = (vector.codes[row] as number) < 0 ? MISSING : INVALID;
  const first = vector.dictionary[counts.findIndex((count) => count > 0)];
  return first === undefined ? undefined : shortText(first);
}

function codesAsCategories({ categories }: CategoricalSpec): Recorder<CodeVector> {
  const positions = positionsOf(categories);
  return (profile, vector, rows, cells) => {
    const into = profile as CategoricalProfile;
    const admit = admitter(into);
    const before = into.n;
    const positionOf = Int32Array.from(codeCounts(vector, rows), (count, code) =>
      count === 0 ? -1 : addCategory(into, positions, vector.dictionary[code] as string, admit, count),
    );
    into.missing += rows - (into.n - before);
    if (cells !== undefined) {
      for (let row = 0; row < rows; row += 1) cells[row] = positionOf[vector.codes[row] as number] ?? MISSING;
    }
    return undefined;
  };
}

function numbersAsCategories({ categories, acceptsNumbers }: CategoricalSpec): Recorder<NumberVector> {
  const positions = positionsOf(categories);
  return (profile, vector, rows, cells) => {
    const into = profile as CategoricalProfile;
    const admit = admitter(into);
    into.missing += vector.missing;
    into.invalid += vector.invalid;
    let example = vector.invalidExample;
    for (let row = 0; row < rows; row += 1) {
      const value = vector.values[row] as number;
      const category = Number.isNaN(value) ? null : categoryOf(value, acceptsNumbers);
      const isCategory = typeof category === 'string';
      const none = category === null ? MISSING : INVALID;
      const position = isCategory ? addCategory(into, positions, category, admit) : none;
      if (category === undefined) {
        into.invalid += 1;
        example ??= String(value);
      }
      if (cells !== undefined) cells[row] = position;
    }
    if (cells !== undefined) spreadInvalid(cells, rows, vector.missing, vector.invalid);
    return example === undefined ? undefined : shortText(example);
  };
}

function anyValues(spec: FeatureSpec): Recorder<ValueVector> {
  const record = recorderFor(spec);
  return (profile, { values }, rows, cells) => {
    const admit = admitter(profile);
    let example: string | undefined;
    for (let row = 0; row < rows; row += 1) {
      const before = profile.invalid;
      const cell = record(profile, values[row], admit);
      if (cells !== undefined) cells[row] = cell;
      if (profile.invalid > before) example ??= shortText(values[row]);
    }
    return example;
  };
}

function positionsOf(categories: readonly string[]): ReadonlyMap<string, number> {
  return new Map(categories.map((category, position) => [category, position]));
}

/** Bounds the new categories of one profile. */
function admitter(profile: FeatureProfile): (category: string) => boolean {
  if (profile.kind === 'numeric') return () => false;
  const { extra } = profile;
  return (category) =>
    extra.has(category) || (extra.size < NEW_CATEGORIES && category.length <= CATEGORY_LENGTH);
}
