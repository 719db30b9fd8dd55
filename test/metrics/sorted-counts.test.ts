import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/base/random.ts';
import { SortedCounts } from '../../src/metrics/sorted-counts.ts';

function countsOf(values: Iterable<number>): SortedCounts {
  const counts = new SortedCounts();
  for (const value of values) counts.add(value);
  return counts;
}

/** The same by looking each value up. */
function expectedOf(values: Iterable<number>): Array<[number, number]> {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => a - b);
}

function entriesOf(counts: SortedCounts): Array<[number, number]> {
  return Array.from(counts.values, (value, i) => [value, counts.counts[i] as number]);
}

describe('SortedCounts', () => {
  it('counts each value, looked at in between or not', () => {
    const value = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true }));
    fc.assert(
      fc.property(fc.array(value), fc.array(value), (first, second) => {
        const normal = (values: readonly number[]): number[] => values.map((one) => one + 0);
        const counts = countsOf(normal(first));
        expect(entriesOf(counts)).toEqual(expectedOf(normal(first)));
        for (const one of normal(second)) counts.add(one);
        expect(entriesOf(counts)).toEqual(expectedOf(normal([...first, ...second])));
      }),
    );
  });

  it('counts over any number of batches', () => {
    const random = seededRandom(2);
    const values = Array.from({ length: 150_000 }, () => Math.floor(random() * 1_000));
    const counts = new SortedCounts();
    expect(values.filter((value) => counts.add(value))).toHaveLength(2);
    expect(entriesOf(counts)).toEqual(expectedOf(values));
  });

  it('adds up what becomes equal when values are replaced', () => {
    const counts = countsOf([0.4, 2, 0.2, 2.5, 3, 0.4]);
    counts.replace(Math.floor);
    expect(entriesOf(counts)).toEqual([
      [0, 3],
      [2, 2],
      [3, 1],
    ]);
  });
});
