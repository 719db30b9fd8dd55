import type { CellSamples } from './wasserstein.ts';

/**
 * The same two samples over fewer cells, chosen so that a Wasserstein distance keeps its meaning.
 *
 * Each inner cell has a weight: its width times sqrt(F (1 - F)), with F the share of all values up to its
 * middle. That is the part of the distance that noise alone would put there. Neighbours are merged until each
 * group has an equal part of the total, so that no group can blur more than its part; far out, where cells are
 * wide, they stay as they are. The outer cells and their tails are left alone.
 *
 * @param groups number of inner cells aimed at; at most one more comes out
 */
export function mergeCells(samples: CellSamples, groups: number): CellSamples {
  const { edges, reference, current } = samples;
  if (edges.length <= groups + 1) return samples;
  const weights = cellWeights(samples);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const kept: number[] = [0];
  let passed = 0;
  for (let i = 1; i < edges.length - 1; i += 1) {
    passed += weights[i] as number;
    // Cut behind the cell that completes a group, and before one that would be a group of its own.
    const whole = Math.floor((passed / total) * groups);
    const wide = (weights[i + 1] as number) * groups > total;
    if (whole > Math.floor(((passed - (weights[i] as number)) / total) * groups) || wide) kept.push(i);
  }
  kept.push(edges.length - 1);
  return {
    ...samples,
    edges: Float64Array.from(kept, (i) => edges[i] as number),
    reference: sumsBetween(reference, kept),
    current: sumsBetween(current, kept),
  };
}

/** One a cell; those of the outer cells are 0. */
function cellWeights({ edges, reference, current }: CellSamples): Float64Array {
  const weights = new Float64Array(reference.length);
  let size = 0;
  for (let i = 0; i < reference.length; i += 1) size += (reference[i] as number) + (current[i] as number);
  let below = (reference[0] as number) + (current[0] as number);
  for (let i = 1; i < edges.length; i += 1) {
    const count = (reference[i] as number) + (current[i] as number);
    const middle = (below + count / 2) / size;
    const width = (edges[i] as number) - (edges[i - 1] as number);
    weights[i] = width * Math.sqrt(Math.max(0, middle * (1 - middle)));
    below += count;
  }
  return weights;
}

function sumsBetween(counts: ArrayLike<number>, kept: readonly number[]): Float64Array {
  const sums = new Float64Array(kept.length + 1);
  let group = 0;
  for (let i = 0; i < counts.length; i += 1) {
    if (group < kept.length && i > (kept[group] as number)) group += 1;
    sums[group] = (sums[group] as number) + (counts[i] as number);
  }
  return sums;
}
