import {
  addCategory,
  type CategoricalProfile,
  type CountedCategorical,
  categoryOf,
  emptyCategoricalProfile,
  mergeCategorical,
} from './categorical-profile.ts';
import { CellLookup } from './cell-lookup.ts';
import type { Grid } from './grid.ts';
import { INVALID, MISSING } from './no-value.ts';
import {
  addNumeric,
  type CountedNumeric,
  emptyNumericProfile,
  mergeNumeric,
  type NumericProfile,
} from './numeric-profile.ts';
import type { Cells, WithCells } from './with-cells.ts';

/** The pseudo features under which a model's output is profiled. */
export const PREDICTION_FEATURE = '__prediction__';
export const SCORE_FEATURE = '__score__';

/** The pseudo feature under which the numeric features are profiled together. */
export const MULTIVARIATE_FEATURE = '__multivariate__';

export function isOutputFeature(name: string): boolean {
  return name === PREDICTION_FEATURE || name === SCORE_FEATURE;
}

/** How a baseline wants one feature profiled. */
export type FeatureSpec =
  | { readonly kind: 'numeric'; readonly grid: Grid }
  | {
      readonly kind: 'categorical';
      readonly categories: readonly string[];
      /** True when numbers are categories too, because the reference had them or the user said so. */
      readonly acceptsNumbers: boolean;
      /** False when the reference had more categories than are kept, so that an unseen one cannot be told. */
      readonly complete: boolean;
    };

export type FeatureProfile = NumericProfile | CategoricalProfile;

/** A profile that is counted into. */
export type CountedProfile = CountedNumeric | CountedCategorical;

/** Events that a profile has seen: with a value, without one, or with one of the wrong type. */
export function eventCount(profile: FeatureProfile): number {
  return profile.n + profile.missing + profile.invalid;
}

export function emptyProfile(spec: FeatureSpec): FeatureProfile {
  return emptyWith(spec, new Float64Array(cellsOf(spec)));
}

/** The same for what one chunk counts, of which there may be tens of thousands at a time. */
export function emptyCounts(spec: FeatureSpec): CountedProfile {
  return emptyWith(spec, new Int32Array(cellsOf(spec)));
}

function emptyWith<C extends Cells>(
  spec: FeatureSpec,
  cells: C,
): WithCells<NumericProfile, C> | WithCells<CategoricalProfile, C> {
  return spec.kind === 'numeric' ? emptyNumericProfile(cells) : emptyCategoricalProfile(cells);
}

/** How many cells a profile has: those of the grid, or one for each category of the baseline. */
export function cellsOf(spec: FeatureSpec): number {
  return spec.kind === 'numeric' ? spec.grid.edges.length + 1 : spec.categories.length;
}

/** Adds `part` into `into`; both must come from the same spec. */
export function mergeProfile(into: FeatureProfile, part: CountedProfile): void {
  if (into.kind === 'numeric' && part.kind === 'numeric') mergeNumeric(into, part);
  else if (into.kind === 'categorical' && part.kind === 'categorical') mergeCategorical(into, part);
  else throw new TypeError(`cannot add a ${part.kind} profile to a ${into.kind} one`);
}

/**
 * Counts raw values of one feature. Made once per spec: it holds the look-up tables.
 *
 * @returns the cell of the grid or the position of the category, their number standing for categories that the baseline
 *   does not have; `MISSING` or `INVALID`, which are below 0, where there is no value.
 */
export type Recorder = (
  profile: CountedProfile,
  value: unknown,
  admit: (category: string) => boolean,
) => number;

export function recorderFor(spec: FeatureSpec): Recorder {
  if (spec.kind === 'numeric') {
    const { grid } = spec;
    const lookup = new CellLookup(grid.edges);
    return (profile, value) => addNumeric(profile as CountedNumeric, grid, lookup, value);
  }
  const positions = new Map(spec.categories.map((category, position) => [category, position]));
  const { acceptsNumbers } = spec;
  return (profile, value, admit) => {
    const category = categoryOf(value, acceptsNumbers);
    if (typeof category === 'string') {
      return addCategory(profile as CountedCategorical, positions, category, admit);
    }
    if (category === null) {
      profile.missing += 1;
      return MISSING;
    }
    profile.invalid += 1;
    return INVALID;
  };
}
