import type { FeatureProfile, FeatureSpec } from './feature-spec.ts';

/**
 * The mean score of the reference where a feature had certain values: how the feature relates to the score. Null where there
 * was no score.
 */
export interface ScoreMeans {
  /** By cell: the decile cells of a number; the most frequent categories, and last all others together. */
  readonly cells: ReadonlyArray<number | null>;
  /** Where the feature had no value that could be used. */
  readonly none: number | null;
}

/** Categories with a mean of their own. */
const NAMED_CATEGORIES = 50;
/** Digits that are kept: sums differ in the last ones by the order of events. */
const DIGITS = 6;

/** The number of cells, that of events without a value left out. */
function cellCount(spec: FeatureSpec): number {
  return spec.kind === 'numeric'
    ? spec.grid.decilePositions.length + 1
    : Math.min(NAMED_CATEGORIES, spec.categories.length) + 1;
}

/** The cell that a position of the profile falls into. */
function cellOf(spec: FeatureSpec): (position: number) => number {
  if (spec.kind === 'categorical') {
    const last = cellCount(spec) - 1;
    return (position) => Math.min(position, last);
  }
  const { edges, decilePositions } = spec.grid;
  const cells = new Uint16Array(edges.length + 1);
  // Cell i of the grid holds the values up to edge i, that edge included.
  for (const position of decilePositions) for (let i = position + 1; i < cells.length; i += 1) cells[i]! += 1;
  return (position) => cells[position] as number;
}

/** Events by cell, and last those without a value. */
export function countsByScoreCell(spec: FeatureSpec, profile: FeatureProfile): Float64Array {
  const cells = cellCount(spec);
  const counts = new Float64Array(cells + 1);
  const of = cellOf(spec);
  let named = 0;
  for (const [position, count] of profile.cells.entries()) {
    counts[of(position)]! += count;
    named += count;
  }
  // Categories that the baseline does not have.
  counts[cells - 1]! += profile.n - named;
  counts[cells] = profile.missing + profile.invalid;
  return counts;
}

/** Sums scores by the cells of one feature. */
export class ScoreTally {
  readonly #cellOf: (position: number) => number;
  readonly #sums: Float64Array;
  readonly #counts: Float64Array;

  constructor(spec: FeatureSpec) {
    const cells = cellCount(spec);
    this.#cellOf = cellOf(spec);
    this.#sums = new Float64Array(cells + 1);
    this.#counts = new Float64Array(cells + 1);
  }

  /** @param position as a recorder gives it: below 0 where there is no value. */
  add(position: number, score: number): void {
    const cell = position < 0 ? this.#sums.length - 1 : this.#cellOf(position);
    this.#sums[cell]! += score;
    this.#counts[cell]! += 1;
  }

  /** Undefined when there was no score at all, or where sums are too large for a double. */
  means(): ScoreMeans | undefined {
    if (this.#counts.every((count) => count === 0) || !this.#sums.every(Number.isFinite)) return undefined;
    const means = Array.from(this.#sums, (sum, i) => {
      const count = this.#counts[i] as number;
      return count === 0 ? null : Number((sum / count).toPrecision(DIGITS));
    });
    return { cells: means.slice(0, -1), none: means.at(-1) ?? null };
  }
}
