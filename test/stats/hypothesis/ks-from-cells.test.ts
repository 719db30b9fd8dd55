import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kolmogorovPValue } from '../../../src/stats/hypothesis/kolmogorov-p-value.ts';
import { ksFromCells } from '../../../src/stats/hypothesis/ks-from-cells.ts';
import { numericCases } from '../conformance-cases.ts';
import { definedValue, expectClose, expectUndefined } from '../expect-computed.ts';
import { expectSameVerdict } from '../expect-same-verdict.ts';
import { histogramPair } from '../histogram-arbitrary.ts';
import { countInCells, quantileEdges, sorted } from '../histograms.ts';

const GRID = 500;

describe('ksFromCells', () => {
  it.each(numericCases())(
    'is the exact statistic of $name when every value is an edge',
    ({ reference, current, expected }) => {
      const edges = sorted([...new Set([...reference, ...current])]);
      const statistic = definedValue(
        ksFromCells(countInCells(reference, edges), countInCells(current, edges)),
      );
      if (expected.ks === 0) expect(statistic).toBe(0);
      else expectClose(statistic, expected.ks);
    },
  );

  it.each(numericCases())(
    'is within 1/K of the exact statistic of $name on a grid of K quantiles',
    ({ reference, current, expected }) => {
      const shares = Array.from({ length: GRID + 1 }, (_, i) => i / GRID);
      const edges = quantileEdges(reference, shares);
      const statistic = definedValue(
        ksFromCells(countInCells(reference, edges), countInCells(current, edges)),
      );
      expect(statistic).toBeLessThanOrEqual(expected.ks + 1e-12);
      expect(statistic).toBeGreaterThanOrEqual(expected.ks - 1 / GRID);
      expectSameVerdict(kolmogorovPValue(statistic, reference.length, current.length), expected.ks_p_value);
    },
  );

  it('lies between 0 and 1 and is the same both ways', () => {
    fc.assert(
      fc.property(histogramPair, ({ reference, current }) => {
        const statistic = definedValue(ksFromCells(reference, current));
        expect(statistic).toBeGreaterThanOrEqual(0);
        expect(statistic).toBeLessThanOrEqual(1);
        expect(definedValue(ksFromCells(current, reference))).toBe(statistic);
      }),
    );
  });

  it('never falls when cells are split', () => {
    fc.assert(
      fc.property(histogramPair, ({ reference, current }) => {
        const pairs = (counts: readonly number[]) =>
          Array.from(
            { length: Math.ceil(counts.length / 2) },
            (_, i) => (counts[2 * i] ?? 0) + (counts[2 * i + 1] ?? 0),
          );
        const coarse = definedValue(ksFromCells(pairs(reference), pairs(current)));
        expect(definedValue(ksFromCells(reference, current))).toBeGreaterThanOrEqual(coarse);
      }),
    );
  });

  it('is 0 for equal shares and 1 for samples in separate cells', () => {
    expect(definedValue(ksFromCells([1, 2, 7], [100, 200, 700]))).toBe(0);
    expect(definedValue(ksFromCells([3, 4, 0], [0, 0, 9]))).toBe(1);
  });

  it('gives a reason when either sample is empty', () => {
    expectUndefined(ksFromCells([0, 0], [1, 2]), /reference has no values/);
    expectUndefined(ksFromCells([1, 2], [0, 0]), /current sample has no values/);
  });
});
