import type { Grid } from './grid.ts';

/** Steps in which a coarse grid goes through the edges of the fine one, where there is room for so many. */
const STEPS = 64;

/** A grid of fewer cells, each made of whole cells of a finer one, so that counts can be had without a second look-up. */
export interface CoarseGrid {
  readonly grid: Grid;
  /** The coarse cell that each cell of the fine grid lies in. */
  readonly cellOf: Uint8Array;
}

/**
 * Thins a grid out to about 64 cells. It keeps the first edge, the last and the deciles, so that the binned metrics are the
 * same on both; and every so many of the others, which are dense where values are and where distances are. A grid that is
 * no finer than that stays as it is.
 *
 * @param steps at most 64. Grids of half as many steps are made of whole cells of each other.
 */
export function coarseGrid({ edges, center, decilePositions }: Grid, steps = STEPS): CoarseGrid {
  const last = edges.length - 1;
  const even = Array.from({ length: steps + 1 }, (_, i) => Math.round((i * last) / steps));
  const kept = [...new Set([...even, ...decilePositions])].sort((a, b) => a - b);
  const cellOf = new Uint8Array(edges.length + 1);
  let coarse = 0;
  for (let cell = 0; cell < cellOf.length; cell += 1) {
    // Right-closed as the fine cells are: the one that ends at a kept edge ends the coarse cell too.
    while (coarse < kept.length && (kept[coarse] as number) < cell) coarse += 1;
    cellOf[cell] = coarse;
  }
  return {
    grid: {
      edges: Float64Array.from(kept, (position) => edges[position] as number),
      center,
      decilePositions: decilePositions.map((position) => kept.indexOf(position)),
    },
    cellOf,
  };
}
