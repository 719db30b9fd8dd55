import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellShares } from '../../src/stats/cell-shares.ts';
import { definedValue, expectClose, expectUndefined } from './expect-computed.ts';
import { histogramPair } from './histogram-arbitrary.ts';

describe('cellShares', () => {
  it('sum to 1, with and without smoothing', () => {
    fc.assert(
      fc.property(histogramPair, fc.constantFrom(0, 0.5), ({ reference, current }, smoothing) => {
        const { p, q } = definedValue(cellShares(reference, current, smoothing));
        for (const shares of [p, q]) {
          expectClose(
            shares.reduce((sum, share) => sum + share, 0),
            1,
            1e-12,
          );
        }
      }),
    );
  });

  it('leaves an empty cell at 0 unless smoothed', () => {
    expect([...definedValue(cellShares([4, 0], [1, 1])).p]).toEqual([1, 0]);
    expect([...definedValue(cellShares([4, 0], [1, 1], 0.5)).p]).toEqual([0.9, 0.1]);
  });

  it('does not let smoothing invent a distribution for an empty sample', () => {
    expectUndefined(cellShares([0, 0], [1, 1], 0.5), /reference has no values/);
  });
});
