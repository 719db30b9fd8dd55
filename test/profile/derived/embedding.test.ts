import { describe, expect, it } from 'vitest';
import { gaussian, seededRandom } from '../../../src/base/random.ts';
import type { EmbeddingDerivation } from '../../../src/profile/derived/derivation.ts';
import { fitEmbedding, isVector } from '../../../src/profile/derived/embedding.ts';
import { deriveOne } from './derive-one.ts';

function fitted(vectors: readonly unknown[]): EmbeddingDerivation {
  const derivation = fitEmbedding('e', vectors);
  if (derivation === undefined) throw new Error('there is no vector');
  return derivation;
}

const ROWS = [
  [1, 0, 0],
  [3, 0, 0],
  [2, 0.5, 0],
  [2, -0.5, 0],
];
const PLANE = fitted([...ROWS, null, 'x', [1, 2], [1, Number.NaN, 3]]);

function measures(e: unknown, derivation = PLANE): unknown[] {
  return Object.values(deriveOne(derivation, { e }));
}

describe('an embedding', () => {
  it('is seen by its length, its direction, and its place on the principal components', () => {
    const found = deriveOne(PLANE, { e: [0, 4, 3] });
    expect(Object.keys(found)).toEqual(['e.norm', 'e.cosine', 'e.pc1', 'e.pc2']);
    expect(found['e.norm']).toBeCloseTo(5, 12);
    expect(found['e.cosine']).toBeCloseTo(0, 12);
    expect(found['e.pc1']).toBeCloseTo(-2, 12);
    expect(found['e.pc2']).toBeCloseTo(4, 12);
    expect(measures([-7, 0, 0])[1]).toBe(-1);
  });

  it('is the centroid where it does not differ from the mean of the baseline', () => {
    expect(measures([2, 0, 0])).toEqual([2, 1, 0, 0]);
  });

  it('may come as a typed array', () => {
    expect(measures(Float32Array.of(2, 0, 0))).toEqual([2, 1, 0, 0]);
  });

  it('has no cosine when it is zero, and none when the centroid is', () => {
    expect(measures([0, 0, 0])).toEqual([0, null, -2, 0]);
    const around = fitted([
      [1, 0],
      [-1, 0],
      [0, 0],
    ]);
    expect(measures([1, 1], around).slice(0, 2)).toEqual([Math.SQRT2, null]);
  });

  it('is missing where it is null or absent, and invalid where it is no vector of that length', () => {
    expect(measures(null)).toEqual([null, null, null, null]);
    expect(measures(undefined)).toEqual([null, null, null, null]);
    const invalid = [
      [1, 2],
      [1, 2, 3, 4],
      [],
      [1, 2, '3'],
      [1, null, 3],
      [1, Number.POSITIVE_INFINITY, 3],
      'x',
      5,
      {},
    ];
    for (const value of [...invalid, [1e300, 1e300, 1e300]]) {
      expect(measures(value), JSON.stringify(value)).toEqual(Array.from({ length: 4 }, () => Number.NaN));
    }
  });

  it('has as many components as its vectors vary in, up to three', () => {
    const random = seededRandom(1);
    const cloud = Array.from({ length: 40 }, () => Array.from({ length: 8 }, () => gaussian(random)));
    expect(fitted(cloud).components.length).toBe(3);
    expect(fitted([[1, 2, 3]]).outputs).toEqual(['norm', 'cosine']);
    expect(fitEmbedding('e', [null, 'x', 3, [], [1]])).toBeUndefined();
  });

  it('takes its length from most vectors', () => {
    expect(
      fitted([
        [1, 2],
        [1, 2, 3],
        [4, 5, 6],
      ]).centroid,
    ).toEqual([2.5, 3.5, 4.5]);
  });
});

describe('isVector', () => {
  it('is an array of 2 to 4 096 finite numbers', () => {
    expect([[1, 2], new Array(4_096).fill(0), Float64Array.of(1, 2)].map(isVector)).toEqual([
      true,
      true,
      true,
    ]);
    const others = [
      [],
      [1],
      new Array(4_097).fill(0),
      [1, '2'],
      [1, null],
      [1, [2]],
      [1, Number.NaN],
      'ab',
      null,
      { length: 2 },
    ];
    for (const other of others) expect(isVector(other)).toBe(false);
  });
});
