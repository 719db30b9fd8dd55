import { type Computed, defined, definedIfFinite, undefinedBecause } from '../stats/computed.ts';
import type { CellLookup } from './cell-lookup.ts';
import type { Grid } from './grid.ts';
import { INVALID, MISSING } from './no-value.ts';
import type { Cells, WithCells } from './with-cells.ts';

/** What is kept of a numeric feature in one pane. Profiles on the same grid add up. */
export interface NumericProfile {
  readonly kind: 'numeric';
  /** Values counted in `cells`. */
  n: number;
  missing: number;
  /** Values that are no finite number. */
  invalid: number;
  /** Counts per cell of the grid. */
  readonly cells: Float64Array;
  /** Sum of x - grid.center. */
  sum: number;
  /** Sum of (x - grid.center)^2. */
  sumSquares: number;
  /** +Infinity and -Infinity while n = 0. */
  min: number;
  max: number;
  /** Sum of the distances by which values lie below the first edge, and above the last. */
  lowExcess: number;
  highExcess: number;
}

export type CountedNumeric = WithCells<NumericProfile, Cells>;

/** @param cells zeros, as many as the grid has cells. */
export function emptyNumericProfile<C extends Cells>(cells: C): WithCells<NumericProfile, C> {
  return {
    kind: 'numeric',
    n: 0,
    missing: 0,
    invalid: 0,
    cells,
    sum: 0,
    sumSquares: 0,
    min: Number.POSITIVE_INFINITY,
    max: Number.NEGATIVE_INFINITY,
    lowExcess: 0,
    highExcess: 0,
  };
}

/**
 * Counts one raw JSON value: null and undefined are missing, anything but a finite number is invalid.
 *
 * @returns the cell of the value; `MISSING` or `INVALID`, which are below 0, where there is none.
 */
export function addNumeric(profile: CountedNumeric, grid: Grid, lookup: CellLookup, value: unknown): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    if (value === null || value === undefined) {
      profile.missing += 1;
      return MISSING;
    }
    profile.invalid += 1;
    return INVALID;
  }
  const cell = lookup.find(value);
  profile.n += 1;
  profile.cells[cell]! += 1;
  const centred = value - grid.center;
  profile.sum += centred;
  profile.sumSquares += centred * centred;
  if (value < profile.min) profile.min = value;
  if (value > profile.max) profile.max = value;
  if (cell === 0) profile.lowExcess += (grid.edges[0] as number) - value;
  else if (cell === grid.edges.length) profile.highExcess += value - (grid.edges[cell - 1] as number);
  return cell;
}

/**
 * Counts a column of numbers as `addNumeric` would one by one, apart from those that are missing or invalid: they stand
 * there as NaN, which says neither, so that the caller counts them.
 *
 * @param rows values that count, from the start.
 * @param found is filled with the cell of each value, `MISSING` for NaN.
 */
export function addNumbers(
  profile: NumericProfile,
  grid: Grid,
  lookup: CellLookup,
  values: Float64Array,
  rows: number,
  found?: Int32Array,
): void {
  const { cells } = profile;
  const { edges, center } = grid;
  const outermost = edges.length;
  let { n, sum, sumSquares, min, max } = profile;
  for (let i = 0; i < rows; i += 1) {
    const value = values[i] as number;
    if (Number.isNaN(value)) {
      if (found !== undefined) found[i] = MISSING;
      continue;
    }
    const cell = lookup.find(value);
    if (found !== undefined) found[i] = cell;
    n += 1;
    cells[cell]! += 1;
    const centred = value - center;
    sum += centred;
    sumSquares += centred * centred;
    if (value < min) min = value;
    if (value > max) max = value;
    if (cell === 0) profile.lowExcess += (edges[0] as number) - value;
    else if (cell === outermost) profile.highExcess += value - (edges[cell - 1] as number);
  }
  profile.n = n;
  profile.sum = sum;
  profile.sumSquares = sumSquares;
  profile.min = min;
  profile.max = max;
}

/** Adds `part` into `into`. Both must be on the same grid. */
export function mergeNumeric(into: NumericProfile, part: CountedNumeric): void {
  into.n += part.n;
  into.missing += part.missing;
  into.invalid += part.invalid;
  for (let i = 0; i < part.cells.length; i += 1) into.cells[i]! += part.cells[i] as number;
  into.sum += part.sum;
  into.sumSquares += part.sumSquares;
  into.min = Math.min(into.min, part.min);
  into.max = Math.max(into.max, part.max);
  into.lowExcess += part.lowExcess;
  into.highExcess += part.highExcess;
}

/** Arithmetic mean. Undefined for an empty profile, and where the sum does not fit into a double. */
export function profileMean(profile: NumericProfile, grid: Grid): Computed {
  if (profile.n === 0) return undefinedBecause('there are no valid values');
  return definedIfFinite(grid.center + profile.sum / profile.n);
}

/** A spread this small beside the distance from the grid's centre (both squared) is lost in the rounding of the sums. */
const LOST_SPREAD = 1e-10;

/**
 * Sample standard deviation (n-1). Undefined below two values, where the sums do not fit into a double, and where the
 * values lie so far from the reference that the sums no longer tell their spread.
 */
export function profileStd(profile: NumericProfile): Computed {
  const { n, sum, sumSquares, min, max } = profile;
  if (n < 2) return undefinedBecause('it takes two values to have a spread');
  // A constant has no spread, whatever rounding makes of the sums.
  if (min === max) return defined(0);
  const variance = (sumSquares - (sum * sum) / n) / (n - 1);
  if (variance < LOST_SPREAD * (sumSquares / n)) {
    return undefinedBecause('the values lie too far from the reference for their spread to be known');
  }
  return definedIfFinite(Math.sqrt(variance));
}
