import { describe, expect, it } from 'vitest';
import { binnedPair } from '../../src/metrics/binned.ts';
import type { FeatureSpec } from '../../src/profile/feature-spec.ts';
import { buildGrid } from '../../src/profile/grid.ts';
import { fold } from '../profile/profiles.ts';
import { countInCells, DECILES, quantileEdges } from '../stats/histograms.ts';

function countsOf(spec: FeatureSpec, reference: readonly unknown[], current: readonly unknown[]): number[][] {
  const pair = binnedPair(spec, fold(spec, reference), fold(spec, current));
  return [[...pair.reference], [...pair.current]];
}

function categorical(categories: readonly string[], complete = true): FeatureSpec {
  return { kind: 'categorical', categories, acceptsNumbers: false, complete };
}

describe('binnedPair of numbers', () => {
  it('counts in the decile cells of the reference, whatever the grid between them', () => {
    const reference = Array.from({ length: 1_234 }, (_, i) => Math.round(Math.sin(i) * 40) + i / 100);
    const current = Array.from({ length: 321 }, (_, i) => Math.cos(i) * 60);
    const edges = quantileEdges(reference, DECILES);
    expect(countsOf({ kind: 'numeric', grid: buildGrid(reference) }, reference, current)).toEqual([
      countInCells(reference, edges),
      countInCells(current, edges),
    ]);
  });

  it('has fewer cells where deciles coincide, and two for a constant', () => {
    const reference = [0, 0, 0, 0, 0, 0, 0, 0, 1, 2];
    const spec: FeatureSpec = { kind: 'numeric', grid: buildGrid(reference) };
    const edges = quantileEdges(reference, DECILES);
    expect(countsOf(spec, reference, [0, 2, 9])).toEqual([
      countInCells(reference, edges),
      countInCells([0, 2, 9], edges),
    ]);
    expect(countsOf({ kind: 'numeric', grid: buildGrid([7]) }, [7, 7], [6, 7, 8])).toEqual([
      [2, 0],
      [2, 1],
    ]);
  });
});

describe('binnedPair of categories', () => {
  it('is the union of the categories that either sample has', () => {
    expect(countsOf(categorical(['a', 'b', 'c']), ['a', 'a', 'b'], ['b', 'new', 'new', null, 3])).toEqual([
      [2, 1, 0],
      [0, 1, 2],
    ]);
  });

  it('has a cell for what came after the bound on new names', () => {
    const spec = categorical(['a']);
    const current = fold(spec, ['a', 'new']);
    Object.assign(current, { n: 5, other: 3 });
    const pair = binnedPair(spec, fold(spec, ['a']), current);
    expect([...pair.reference]).toEqual([1, 0, 0]);
    expect([...pair.current]).toEqual([1, 1, 3]);
  });

  it('takes names that an incomplete baseline does not have for some of its other ones', () => {
    const spec = categorical(['a'], false);
    const reference = fold(spec, ['a', 'a']);
    Object.assign(reference, { n: 10, other: 8 });
    const pair = binnedPair(spec, reference, fold(spec, ['a', 'b', 'c', 'c', 'd']));
    expect([...pair.reference]).toEqual([2, 8]);
    expect([...pair.current]).toEqual([1, 4]);
  });
});
