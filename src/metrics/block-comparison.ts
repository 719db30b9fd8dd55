import type { FeatureSpec } from '../profile/feature-spec.ts';
import type { Computed } from '../stats/computed.ts';
import { largestCohensH } from '../stats/distance/cohens-h.ts';
import { wassersteinFromCells } from '../stats/distance/wasserstein.ts';
import { jsDistance } from '../stats/divergence/js-distance.ts';
import { psi } from '../stats/divergence/psi.ts';
import { totalVariation } from '../stats/divergence/total-variation.ts';
import { ksFromCells } from '../stats/hypothesis/ks-from-cells.ts';
import { decileCounts } from './binned.ts';
import type { NATURAL_METRICS } from './table.ts';

/** The shares are levels, which are not compared. */
export type NaturalDifference = Exclude<(typeof NATURAL_METRICS)[number], 'missing_share' | 'invalid_share'>;

/** The distances between two samples; a metric that is not defined is undefined. */
export type BlockComparison = { readonly [metric in NaturalDifference]?: number | undefined } & {
  /** 1/n + 1/m of the two samples, which the variance of noise is proportional to. */
  readonly sizes: number;
};

/**
 * Prepares comparisons of blocks of one feature by the metrics of which a baseline knows its natural variability: the same
 * metrics as in `differenceMetrics`, from nothing but counts.
 *
 * psi_adjusted is not floored at 0 here: what noise puts below has to make up for what it puts above.
 *
 * @param spec with the grid or the categories of the counts.
 * @param scale the reference's standard deviation; undefined where it has no spread.
 * @param all counts of all blocks together: categories that none of them has are no cells.
 */
export function blockComparison(
  spec: FeatureSpec,
  scale: number | undefined,
  all: Float64Array,
): (reference: Float64Array, current: Float64Array, sizes: number) => BlockComparison {
  if (spec.kind === 'categorical') {
    const used = (cells: Float64Array): Float64Array => cells.filter((_, i) => (all[i] as number) > 0);
    return (reference, current, sizes) => {
      const [before, now] = [used(reference), used(current)];
      return { ...binned(before, now, sizes), effect_size: numberOf(largestCohensH(before, now)) };
    };
  }
  const { grid } = spec;
  // A reference has nothing outside its own grid.
  const tails = { low: 0, high: 0 };
  return (reference, current, sizes) => {
    const ks = numberOf(ksFromCells(reference, current));
    const area = wassersteinFromCells({
      edges: grid.edges,
      reference,
      current,
      referenceTails: tails,
      currentTails: tails,
    });
    const moved = area.defined && scale !== undefined ? area.value / scale : undefined;
    return {
      ...binned(decileCounts(grid, reference), decileCounts(grid, current), sizes),
      ks,
      wasserstein_normalized: moved,
      effect_size: moved ?? ks,
    };
  };
}

function binned(reference: Float64Array, current: Float64Array, sizes: number): BlockComparison {
  const index = numberOf(psi(reference, current));
  return {
    sizes,
    psi_adjusted: index === undefined ? undefined : index - (reference.length - 1) * sizes,
    js_distance: numberOf(jsDistance(reference, current)),
    total_variation: numberOf(totalVariation(reference, current)),
  };
}

function numberOf(computed: Computed): number | undefined {
  return computed.defined ? computed.value : undefined;
}
