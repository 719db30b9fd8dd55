import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gaussian, seededRandom } from '../../src/base/random.ts';
import { type Picture, pictureOf } from '../../src/metrics/picture.ts';
import type { FeatureSpec } from '../../src/profile/feature-spec.ts';
import { buildGrid } from '../../src/profile/grid.ts';
import { fold } from '../profile/profiles.ts';

function picture(spec: FeatureSpec, reference: readonly unknown[], current: readonly unknown[]): Picture {
  const drawn = pictureOf(spec, fold(spec, reference), fold(spec, current));
  if (drawn === undefined) throw new Error('nothing was drawn');
  return drawn;
}

function numbers(reference: readonly number[], current: readonly number[]): Picture {
  return picture({ kind: 'numeric', grid: buildGrid(reference) }, reference, current);
}

function words(
  categories: readonly string[],
  reference: readonly string[],
  current: readonly string[],
): Picture {
  return picture(
    { kind: 'categorical', categories, acceptsNumbers: false, complete: true },
    reference,
    current,
  );
}

function total(shares: readonly number[]): number {
  return shares.reduce((sum, share) => sum + share, 0);
}

function normals(seed: number, count: number, of: (z: number) => number): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => of(gaussian(random)));
}

describe('the picture of numbers', () => {
  it('has the same cells for both samples, with shares that add up to one', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 }),
        fc.array(fc.double({ noNaN: true, noDefaultInfinity: true })),
        (reference, current) => {
          const { labels, ...shares } = numbers(reference, current);
          expect(labels.length).toBeLessThanOrEqual(24);
          for (const side of [shares.reference, shares.current]) expect(side).toHaveLength(labels.length);
          expect(total(shares.reference)).toBeCloseTo(1, 9);
          expect(total(shares.current)).toBeCloseTo(current.length === 0 ? 0 : 1, 9);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('gives each of a few values a cell of its own', () => {
    expect(numbers([0, 0, 0, 1], [0, 1, 1, 2])).toEqual({
      labels: ['0', '1', '1 .. 2'],
      reference: [0.75, 0.25, 0],
      current: [0.25, 0.5, 0.25],
    });
    expect(numbers([7, 7], [7])).toEqual({ labels: ['7'], reference: [1], current: [1] });
    expect(numbers([7, 7], [8, 8])).toEqual({ labels: ['7', '8'], reference: [1, 0], current: [0, 1] });
  });

  it('has cells of equal width, and the tails in the outermost', () => {
    const { labels, reference, current } = numbers(
      normals(1, 5_000, (z) => z),
      normals(2, 5_000, (z) => z + 1),
    );
    expect(labels).toHaveLength(24);
    expect(
      [labels[0], labels[1], labels[23]].map((label) => label?.replaceAll(/-?\d+(\.\d+)?/g, 'x')),
    ).toEqual(['up to x', 'x .. x', 'above x']);
    const mean = (shares: readonly number[]): number => total(shares.map((share, i) => share * i));
    // The 1st percentile of one and the 99th of the other are 1 + 2 * 2.33 apart.
    expect(mean(current) - mean(reference)).toBeCloseTo(24 / 5.65, 0);
  });

  it('has whole numbers in equal parts, so that it has no teeth', () => {
    const random = seededRandom(3);
    const ages = Array.from({ length: 20_000 }, () => 18 + Math.floor(random() * 60));
    const { reference } = numbers(ages, ages);
    const inner = reference.slice(1, -1);
    expect(inner.length).toBeGreaterThan(15);
    expect(Math.max(...inner) / Math.min(...inner)).toBeLessThan(1.3);
  });

  it('has cells of equal ratios where most of the range is a tail', () => {
    const prices = normals(4, 5_000, (z) => Math.exp(z));
    const { reference } = numbers(prices, prices);
    expect(reference.indexOf(Math.max(...reference))).toBeGreaterThan(8);
    expect(reference.indexOf(Math.max(...reference))).toBeLessThan(15);
  });

  it('shows what lies far outside of the reference', () => {
    const { current, reference } = numbers(
      normals(5, 500, (z) => z),
      normals(6, 500, (z) => 100 + z),
    );
    expect(reference[0]).toBeGreaterThan(0.9);
    expect(current[0]).toBe(0);
    expect(total(current.slice(20))).toBeCloseTo(1, 1);
  });
});

describe('the picture of categories', () => {
  it('has them in the order of the reference, new ones behind', () => {
    expect(words(['a', 'b'], ['a', 'a', 'b'], ['b', 'c', 'c', 'd'])).toEqual({
      labels: ['a', 'b', 'c', 'd'],
      reference: [2 / 3, 1 / 3, 0, 0],
      current: [0, 0.25, 0.5, 0.25],
    });
  });

  it('adds up those that are small in both samples', () => {
    const categories = Array.from({ length: 40 }, (_, i) => `c${i}`);
    const { labels, reference, current } = words(categories, categories, [
      ...categories,
      ...new Array(40).fill('c39'),
    ]);
    expect(labels).toHaveLength(24);
    expect(labels.slice(-2)).toEqual(['c39', '(other)']);
    expect(reference.at(-1)).toBeCloseTo(17 / 40, 9);
    expect(total(current)).toBeCloseTo(1, 9);
  });
});

it('is not drawn of nothing', () => {
  const spec: FeatureSpec = { kind: 'categorical', categories: ['a'], acceptsNumbers: false, complete: true };
  expect(pictureOf(spec, fold(spec, []), fold(spec, [null]))).toBeUndefined();
});
