import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextBelow } from '../../src/profile/next-below.ts';
import { splitWideCells } from '../../src/profile/split-wide-cells.ts';
import { sampleArbitrary } from './number-arbitrary.ts';

function outlineOf(sample: readonly number[]): { sorted: Float64Array; edges: number[] } {
  const sorted = Float64Array.from(sample).sort();
  const [min, max] = [sorted[0] as number, sorted.at(-1) as number];
  return { sorted, edges: [...new Set([nextBelow(min), min, max])] };
}

describe('splitWideCells', () => {
  it('adds new edges inside the range, at most as many as it may', () => {
    fc.assert(
      fc.property(sampleArbitrary(300), fc.integer({ min: 0, max: 100 }), (sample, budget) => {
        const { sorted, edges } = outlineOf(sample);
        const added = splitWideCells(sorted, edges, budget);
        expect(added.length).toBeLessThanOrEqual(budget);
        expect(new Set([...edges, ...added]).size).toBe(edges.length + added.length);
        for (const edge of added) {
          expect(edge).toBeGreaterThan(edges[0] as number);
          expect(edge).toBeLessThan(edges.at(-1) as number);
        }
      }),
    );
  });

  it('closes a gap between two clusters on both sides', () => {
    const sorted = Float64Array.of(1, 2, 3, 1_000, 1_001, 1_002);
    const added = splitWideCells(sorted, [nextBelow(1), 1, 1_002], 8);
    expect(added).toContain(3);
    expect(added).toContain(nextBelow(1_000));
  });

  it('cuts a gap evenly, and leaves it when its parts are narrow', () => {
    const added = splitWideCells(Float64Array.of(0, 1), [nextBelow(0), 0, nextBelow(1), 1], 1_000);
    const edges = [0, ...added.sort((a, b) => a - b), 1];
    const widths = edges.slice(1).map((edge, i) => edge - (edges[i] as number));
    expect(Math.max(...widths)).toBeLessThan(1 / 100);
    expect(edges.length).toBeLessThan(300);
  });

  it('has nothing to add where no double lies between two edges', () => {
    expect(splitWideCells(Float64Array.of(7, 7), [nextBelow(7), 7], 10)).toEqual([]);
    expect(splitWideCells(Float64Array.of(0), [-Number.MIN_VALUE, 0], 10)).toEqual([]);
  });

  it('manages the widest range that there is', () => {
    const { sorted, edges } = outlineOf([-Number.MAX_VALUE, 0, Number.MAX_VALUE]);
    const added = splitWideCells(sorted, edges, 50);
    expect(added).toHaveLength(50);
    expect(added.every(Number.isFinite)).toBe(true);
  });
});
