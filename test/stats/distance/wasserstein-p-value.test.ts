import { describe, expect, it } from 'vitest';
import { gaussian, seededRandom } from '../../../src/base/random.ts';
import type { CellSamples } from '../../../src/stats/distance/wasserstein.ts';
import { wassersteinPValue } from '../../../src/stats/distance/wasserstein-p-value.ts';
import { drawHistogram } from '../draw-histogram.ts';
import { definedValue, expectUndefined } from '../expect-computed.ts';

const NO_TAILS = { low: 0, high: 0 } as const;

/** Cells of these weights with edges at `edge(i)`, and two samples drawn from them. */
function drawn(
  sizes: readonly [number, number],
  weights: readonly number[],
  edge: (i: number) => number,
  random: () => number,
): CellSamples {
  return {
    edges: Float64Array.from({ length: weights.length + 1 }, (_, i) => edge(i)),
    reference: [0, ...drawHistogram(sizes[0], weights, random), 0],
    current: [0, ...drawHistogram(sizes[1], weights, random), 0],
    referenceTails: NO_TAILS,
    currentTails: NO_TAILS,
  };
}

const equal = (length: number): number[] => new Array<number>(length).fill(1);

describe('wassersteinPValue', () => {
  it.each([
    ['uniform', equal(100), (i: number) => i],
    ['skewed', equal(100), (i: number) => Math.exp(i / 15)],
    ['a spike and a tail', [900, ...equal(99)], (i: number) => i],
  ] as const)('is spread evenly without drift for %s values', (_, weights, edge) => {
    const random = seededRandom(61);
    const windows = 300;
    const below = { tenth: 0, half: 0 };
    for (let i = 0; i < windows; i += 1) {
      const pValue = definedValue(wassersteinPValue(drawn([2000, 200], weights, edge, random), random, 99));
      if (pValue <= 0.1) below.tenth += 1;
      if (pValue <= 0.5) below.half += 1;
    }
    expect(Math.abs(below.tenth / windows - 0.1)).toBeLessThan(3 * Math.sqrt(0.09 / windows));
    expect(Math.abs(below.half / windows - 0.5)).toBeLessThan(4 * Math.sqrt(0.25 / windows));
  });

  it('is as small as the draws allow for a real shift', () => {
    const random = seededRandom(62);
    const reference = Array.from({ length: 5000 }, () => gaussian(random));
    const edges = Float64Array.from({ length: 161 }, (_, i) => (i - 80) / 20);
    const cellsOf = (values: readonly number[]) => {
      const counts = new Array<number>(edges.length + 1).fill(0);
      for (const x of values) counts[Math.min(edges.length, Math.max(0, Math.ceil((x + 4) * 20)))]! += 1;
      return counts;
    };
    const samples: CellSamples = {
      edges,
      reference: cellsOf(reference),
      current: cellsOf(Array.from({ length: 1000 }, () => 0.3 + gaussian(random))),
      referenceTails: NO_TAILS,
      currentTails: NO_TAILS,
    };
    expect(definedValue(wassersteinPValue(samples, random, 199))).toBe(1 / 200);
    expect(definedValue(wassersteinPValue(samples, random, 19))).toBe(1 / 20);
  });

  it('stops after ten draws that reach the distance', () => {
    let numbers = 0;
    const random = seededRandom(63);
    const samples = drawn([1000, 1000], equal(20), (i) => i, random);
    const alike = { ...samples, current: samples.reference };
    const counting = () => {
      numbers += 1;
      return random();
    };
    expect(definedValue(wassersteinPValue(alike, counting, 1000))).toBe(1);
    expect(numbers).toBeLessThanOrEqual(10 * 2 * 22);
  });

  it('counts the distance of values beyond the edges', () => {
    const inside = {
      edges: Float64Array.of(0, 1, 2, 3),
      reference: [0, 300, 400, 300, 0],
      referenceTails: NO_TAILS,
    };
    const near: CellSamples = {
      ...inside,
      current: [0, 30, 40, 28, 2],
      currentTails: { low: 0, high: 0.1 },
    };
    const far: CellSamples = { ...near, currentTails: { low: 0, high: 1e6 } };
    expect(definedValue(wassersteinPValue(near, seededRandom(64), 199))).toBeGreaterThan(0.2);
    // Two of 1 100 values lie out there, both in the sample of 100: one deal in a hundred does that.
    expect(definedValue(wassersteinPValue(far, seededRandom(64), 199))).toBeLessThan(0.04);
  });

  it('does not take a single far value for news', () => {
    const samples: CellSamples = {
      edges: Float64Array.of(0, 1, 2, 3),
      reference: [0, 100, 100, 100, 0],
      current: [0, 100, 100, 99, 1],
      referenceTails: NO_TAILS,
      currentTails: { low: 0, high: 1e9 },
    };
    expect(definedValue(wassersteinPValue(samples, seededRandom(65), 199))).toBeGreaterThan(0.1);
  });

  it('is the same for the same seed', () => {
    const samples = drawn([500, 100], equal(50), (i) => i, seededRandom(66));
    expect(wassersteinPValue(samples, seededRandom(1), 199)).toEqual(
      wassersteinPValue(samples, seededRandom(1), 199),
    );
  });

  it('is 1 where all values lie in one place', () => {
    const samples: CellSamples = {
      edges: Float64Array.of(0, 1),
      reference: [0, 50, 0],
      current: [0, 20, 0],
      referenceTails: NO_TAILS,
      currentTails: NO_TAILS,
    };
    expect(definedValue(wassersteinPValue(samples, seededRandom(67), 199))).toBe(1);
  });

  it('gives the reason of the distance when there is none', () => {
    const samples = drawn([500, 100], equal(50), (i) => i, seededRandom(68));
    const empty = { ...samples, current: new Array<number>(52).fill(0) };
    expectUndefined(wassersteinPValue(empty, seededRandom(1), 199), /current sample has no values/);
  });
});
