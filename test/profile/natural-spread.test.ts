import { describe, expect, it } from 'vitest';
import { type NaturalSpread, naturalFor, readSpread, writeSpread } from '../../src/profile/natural-spread.ts';

const HOUR = 3_600_000;

function spreadOf(hours: number): NaturalSpread {
  const distances = { mean: 0.1, deviation: 0.02, noiseMean: 0.9, noiseDeviation: 0.3 };
  return { block: hours * HOUR, blocks: 20, distances: new Map([['psi_adjusted', distances]]) };
}

describe('naturalFor', () => {
  it('takes the longest blocks that are no longer than the window, else the shortest', () => {
    const spreads = [3, 24, 6, 12].map(spreadOf);
    const chosen = (hours: number): number => (naturalFor(spreads, hours * HOUR)?.block ?? 0) / HOUR;
    expect([0.25, 1, 3, 5, 6, 11, 12, 24, 500].map(chosen)).toEqual([3, 3, 3, 3, 6, 6, 12, 24, 24]);
  });

  it('takes what those do not know of from the next ones', () => {
    const known = { mean: 0.2, deviation: 0, noiseMean: 0, noiseDeviation: 0.4 };
    const shares: NaturalSpread = { ...spreadOf(1), distances: new Map([['missing_share', known]]) };
    const chosen = naturalFor([shares, spreadOf(3), spreadOf(6)], HOUR);
    expect(chosen?.block).toBe(HOUR);
    expect(chosen?.distances.get('missing_share')).toBe(known);
    expect(chosen?.distances.get('psi_adjusted')?.mean).toBe(0.1);
  });

  it('finds none where none is known', () => {
    expect(naturalFor([], HOUR)).toBeUndefined();
  });
});

describe('a natural spread', () => {
  it('comes back from JSON as it was', () => {
    const text = JSON.stringify(writeSpread(spreadOf(3)));
    expect(readSpread(JSON.parse(text) as ReturnType<typeof writeSpread>)).toEqual(spreadOf(3));
  });
});
