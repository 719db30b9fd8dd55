import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gaussian, seededRandom } from '../../../src/base/random.ts';
import { mergeCells } from '../../../src/stats/distance/merge-cells.ts';
import { type CellSamples, wassersteinFromCells } from '../../../src/stats/distance/wasserstein.ts';
import { definedValue } from '../expect-computed.ts';
import { countInCells, quantileEdges } from '../histograms.ts';

const SHARES = Array.from({ length: 301 }, (_, i) => i / 300);

function samplesOf(reference: readonly number[], current: readonly number[]): CellSamples {
  const edges = quantileEdges(reference, SHARES);
  const [first, last] = [edges[0] as number, edges.at(-1) as number];
  const tails = (sample: readonly number[]) => ({
    low: sample.reduce((sum, x) => sum + Math.max(0, first - x), 0),
    high: sample.reduce((sum, x) => sum + Math.max(0, x - last), 0),
  });
  return {
    edges,
    reference: countInCells(reference, edges),
    current: countInCells(current, edges),
    referenceTails: tails(reference),
    currentTails: tails(current),
  };
}

const sum = (counts: ArrayLike<number>): number =>
  Array.from(counts).reduce((total, count) => total + count, 0);

const cells = fc
  .uniqueArray(fc.integer({ min: -1e6, max: 1e6 }), { minLength: 2, maxLength: 200 })
  .chain((edges) => {
    const counts = fc.array(fc.nat(50), { minLength: edges.length + 1, maxLength: edges.length + 1 });
    return fc.record({
      edges: fc.constant(Float64Array.from(edges).sort()),
      reference: counts,
      current: counts,
    });
  });

describe('mergeCells', () => {
  it('keeps every value, the outer cells and the outer edges', () => {
    fc.assert(
      fc.property(cells, fc.integer({ min: 1, max: 40 }), (histograms, groups) => {
        const samples = {
          ...histograms,
          referenceTails: { low: 1, high: 2 },
          currentTails: { low: 3, high: 4 },
        };
        const merged = mergeCells(samples, groups);
        expect(merged.reference.length).toBe(merged.edges.length + 1);
        for (const side of ['reference', 'current'] as const) {
          expect(sum(merged[side])).toBe(sum(samples[side]));
          expect(merged[side][0]).toBe(samples[side][0]);
          expect(merged[side][merged[side].length - 1]).toBe(samples[side].at(-1));
        }
        expect(merged.edges[0]).toBe(samples.edges[0]);
        expect(merged.edges.at(-1)).toBe(samples.edges.at(-1));
        expect(new Set(merged.edges).size).toBe(merged.edges.length);
        expect(merged.currentTails).toEqual(samples.currentTails);
      }),
    );
  });

  it('keeps the distance of a shift, for skewed data as well', () => {
    const random = seededRandom(51);
    for (const next of [() => gaussian(random), () => Math.exp(1.5 * gaussian(random))]) {
      const reference = Array.from({ length: 3000 }, next);
      const current = Array.from({ length: 1000 }, () => 0.3 + 1.2 * next());
      const samples = samplesOf(reference, current);
      const merged = mergeCells(samples, 64);
      expect(merged.edges.length).toBeLessThan(140);
      const [distance, whole] = [wassersteinFromCells(merged), wassersteinFromCells(samples)];
      expect(Math.abs(definedValue(distance) / definedValue(whole) - 1)).toBeLessThan(0.04);
    }
  });

  it('leaves samples alone that have few cells', () => {
    const samples = samplesOf(
      Array.from({ length: 3000 }, (_, i) => i),
      [2, 3],
    );
    expect(mergeCells(samples, 400)).toBe(samples);
    expect(mergeCells(samples, 64).edges.length).toBeLessThan(70);
  });
});
