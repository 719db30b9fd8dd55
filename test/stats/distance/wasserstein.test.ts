import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CellSamples,
  type TailSums,
  wassersteinFromCells,
} from '../../../src/stats/distance/wasserstein.ts';
import { numericCases } from '../conformance-cases.ts';
import { definedValue, expectClose, expectUndefined } from '../expect-computed.ts';
import { countInCells, quantileEdges, sorted } from '../histograms.ts';

const NO_TAILS: TailSums = { low: 0, high: 0 };

function tailsOf(sample: readonly number[], edges: Float64Array): TailSums {
  const [first, last] = [edges[0] as number, edges.at(-1) as number];
  let low = 0;
  let high = 0;
  for (const x of sample) {
    low += Math.max(0, first - x);
    high += Math.max(0, x - last);
  }
  return { low, high };
}

function onEdges(reference: readonly number[], current: readonly number[], edges: Float64Array): CellSamples {
  return {
    edges,
    reference: countInCells(reference, edges),
    current: countInCells(current, edges),
    referenceTails: tailsOf(reference, edges),
    currentTails: tailsOf(current, edges),
  };
}

/** The exact distance of two small samples: the area between their step functions. */
function exactDistance(reference: readonly number[], current: readonly number[]): number {
  const points = sorted([...reference, ...current]);
  const share = (sample: readonly number[], x: number) =>
    sample.filter((value) => value <= x).length / sample.length;
  let area = 0;
  for (let i = 1; i < points.length; i += 1) {
    const [from, to] = [points[i - 1] as number, points[i] as number];
    area += (to - from) * Math.abs(share(reference, from) - share(current, from));
  }
  return area;
}

/** Edges that give every distinct integer a cell so narrow that linear and stepwise functions agree. */
const integerEdges = (values: readonly number[]) =>
  sorted([...new Set(values)].flatMap((x) => [x - 2 ** -40, x]));

const integers = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 30 });

describe('wassersteinFromCells', () => {
  it.each(numericCases())(
    'is near the exact distance of $name on a grid of 500 quantiles',
    ({ reference, current, expected }) => {
      const quantiles = quantileEdges(
        reference,
        Array.from({ length: 501 }, (_, i) => i / 500),
      );
      // A first edge just below the minimum, so that the reference has nothing outside.
      const first = Math.min(...reference);
      const edges = sorted([first - 1e-12 * Math.max(1, Math.abs(first)), ...quantiles]);
      const distance = definedValue(wassersteinFromCells(onEdges(reference, current, edges)));
      const tolerance = Math.max(0.02 * expected.wasserstein, 0.01 * expected.std_ref);
      expect(Math.abs(distance - expected.wasserstein)).toBeLessThanOrEqual(tolerance);
    },
  );

  it('is exact when every value has a cell of its own', () => {
    fc.assert(
      fc.property(integers, integers, (reference, current) => {
        const edges = integerEdges([...reference, ...current]);
        const distance = definedValue(wassersteinFromCells(onEdges(reference, current, edges)));
        expect(Math.abs(distance - exactDistance(reference, current))).toBeLessThan(1e-9);
      }),
    );
  });

  it('is exact beyond the edges when only the current sample lies there', () => {
    fc.assert(
      fc.property(integers, integers, (reference, current) => {
        const edges = integerEdges(reference);
        // Values between two reference values are spread over their cell; move them onto the nearest one below.
        const onGrid = current.map((x) =>
          x < Math.min(...reference) ? x : (reference.filter((r) => r <= x).sort((a, b) => b - a)[0] ?? x),
        );
        const far = [...onGrid, Math.max(...reference) + 1000, Math.min(...reference) - 500];
        const distance = definedValue(wassersteinFromCells(onEdges(reference, far, edges)));
        expect(Math.abs(distance - exactDistance(reference, far))).toBeLessThan(1e-9);
      }),
    );
  });

  it('is never negative, the same both ways, and 0 between a sample and itself', () => {
    const edges = Float64Array.of(-20, -3, 0, 1, 7, 30);
    fc.assert(
      fc.property(integers, integers, (reference, current) => {
        const distance = definedValue(wassersteinFromCells(onEdges(reference, current, edges)));
        expect(distance).toBeGreaterThanOrEqual(0);
        expect(definedValue(wassersteinFromCells(onEdges(current, reference, edges)))).toBe(distance);
        expect(definedValue(wassersteinFromCells(onEdges(reference, reference, edges)))).toBe(0);
      }),
    );
  });

  it('counts the two triangles where the functions cross inside a cell', () => {
    const distance = wassersteinFromCells({
      edges: Float64Array.of(0, 1, 2),
      // Differences at the edges: 0 at 0, +0.5 at 1; then -0.5 after a cell that holds all of the current sample.
      reference: [5, 0, 5, 0],
      current: [0, 10, 0, 0],
      referenceTails: NO_TAILS,
      currentTails: NO_TAILS,
    });
    // From +0.5 to -0.5 over [0, 1]: two triangles of area 1/8. From -0.5 to 0 over [1, 2]: one of 1/4.
    expect(definedValue(distance)).toBe(0.5);
  });

  it('measures a shift in the units of the values, however far', () => {
    const distance = wassersteinFromCells({
      edges: Float64Array.of(0, 1),
      reference: [0, 100, 0],
      current: [0, 0, 50],
      referenceTails: NO_TAILS,
      currentTails: { low: 0, high: 50 * 1e6 },
    });
    expectClose(definedValue(distance), 1e6 + 0.5);
  });

  it('gives a reason when a sample is empty or the area does not fit into a double', () => {
    const samples: CellSamples = {
      edges: Float64Array.of(-Number.MAX_VALUE, Number.MAX_VALUE),
      reference: [1, 0, 0],
      current: [0, 0, 1],
      referenceTails: NO_TAILS,
      currentTails: NO_TAILS,
    };
    expectUndefined(wassersteinFromCells({ ...samples, current: [0, 0, 0] }), /current sample has no values/);
    expectUndefined(wassersteinFromCells({ ...samples, reference: [0, 0, 0] }), /reference has no values/);
    expectUndefined(wassersteinFromCells(samples), /too large/);
  });

  it('refuses counts that do not fit the edges', () => {
    const tails = { referenceTails: NO_TAILS, currentTails: NO_TAILS };
    const edges = Float64Array.of(0, 1);
    expect(() => wassersteinFromCells({ edges, reference: [1, 2], current: [1, 2], ...tails })).toThrow(
      RangeError,
    );
    expect(() =>
      wassersteinFromCells({ edges: new Float64Array(0), reference: [1], current: [1], ...tails }),
    ).toThrow(RangeError);
  });
});
