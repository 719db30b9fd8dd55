import type { CategoricalProfile } from '../profile/categorical-profile.ts';
import type { FeatureProfile, FeatureSpec } from '../profile/feature-spec.ts';
import type { Grid } from '../profile/grid.ts';

/** The counts of two samples over the same cells. */
export interface BinnedPair {
  readonly reference: Float64Array;
  readonly current: Float64Array;
}

/**
 * The cells of the binned metrics: for numbers the ten decile cells of the baseline, merged exactly from the grid;
 * for categories the union of those of both samples.
 */
export function binnedPair(
  spec: FeatureSpec,
  reference: FeatureProfile,
  current: FeatureProfile,
): BinnedPair {
  if (spec.kind === 'numeric') {
    return {
      reference: decileCounts(spec.grid, reference.cells),
      current: decileCounts(spec.grid, current.cells),
    };
  }
  return categoryPair(spec.complete, reference as CategoricalProfile, current as CategoricalProfile);
}

/** The counts of the ten decile cells, merged from those of the grid. */
export function decileCounts(grid: Grid, cells: ArrayLike<number>): Float64Array {
  const counts = new Float64Array(grid.decilePositions.length + 1);
  let bin = 0;
  for (let cell = 0; cell < cells.length; cell += 1) {
    // Cell i holds the values up to edge i, that edge included.
    while (bin < grid.decilePositions.length && cell > (grid.decilePositions[bin] as number)) bin += 1;
    counts[bin]! += cells[cell] as number;
  }
  return counts;
}

function categoryPair(
  complete: boolean,
  reference: CategoricalProfile,
  current: CategoricalProfile,
): BinnedPair {
  // A baseline that could not name all its categories has the rest in one cell; a window's new names belong there too.
  const named = complete ? [...new Set([...reference.extra.keys(), ...current.extra.keys()])] : [];
  const counts = (profile: CategoricalProfile): number[] => [
    ...profile.cells,
    ...named.map((category) => profile.extra.get(category) ?? 0),
    complete ? profile.other : profile.other + total(profile.extra.values()),
  ];
  const left = counts(reference);
  const right = counts(current);
  // A category that neither sample has is no cell: it would only move the smoothing.
  const used = left.map((count, i) => count + (right[i] as number) > 0);
  return {
    reference: Float64Array.from(left.filter((_, i) => used[i])),
    current: Float64Array.from(right.filter((_, i) => used[i])),
  };
}

function total(counts: Iterable<number>): number {
  let sum = 0;
  for (const count of counts) sum += count;
  return sum;
}
