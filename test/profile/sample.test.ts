import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/base/random.ts';
import { NumberSample } from '../../src/profile/sample.ts';

function sampleOf(count: number, capacity: number, seed = 1): readonly number[] {
  const sample = new NumberSample(capacity, seededRandom(seed));
  for (let i = 0; i < count; i += 1) sample.add(i);
  return sample.values;
}

describe('NumberSample', () => {
  it('keeps a stream whole that is no longer than its capacity', () => {
    expect(sampleOf(0, 10)).toEqual([]);
    expect(sampleOf(10, 10)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('never keeps more than its capacity, nor a value twice', () => {
    const values = sampleOf(10_000, 100);
    expect(values).toHaveLength(100);
    expect(new Set(values).size).toBe(100);
  });

  it('keeps every part of the stream with the same chance', () => {
    const tenths = new Array<number>(10).fill(0);
    for (let seed = 0; seed < 200; seed += 1) {
      for (const value of sampleOf(1_000, 100, seed)) tenths[Math.floor(value / 100)]! += 1;
    }
    // 2 000 expected; five standard deviations of a binomial count.
    for (const count of tenths) expect(Math.abs(count - 2_000)).toBeLessThan(5 * Math.sqrt(2_000 * 0.9));
  });

  it('draws the same sample from the same stream', () => {
    expect(sampleOf(5_000, 50)).toEqual(sampleOf(5_000, 50));
  });
});
