import fc from 'fast-check';
import { mean } from 'simple-statistics';
import { describe, expect, it } from 'vitest';
import { gaussian, type Random, seededRandom } from '../../../src/base/random.ts';
import type { ReconstructionDerivation } from '../../../src/profile/derived/derivation.ts';
import { fitReconstruction } from '../../../src/profile/derived/reconstruction.ts';
import { deriveOne } from './derive-one.ts';

type Row = Readonly<Record<string, unknown>>;

function fitRows(
  rows: readonly Row[],
  names = Object.keys(rows[0] ?? {}),
): ReconstructionDerivation | undefined {
  return fitReconstruction(
    names,
    rows.map((row) => new Map(Object.entries(row))),
  );
}

function fitted(rows: readonly Row[]): ReconstructionDerivation {
  const derivation = fitRows(rows);
  if (derivation === undefined) throw new Error('nothing could be fitted');
  return derivation;
}

function errorOf(derivation: ReconstructionDerivation, row: Row): number | null | undefined {
  return deriveOne(derivation, row)['__multivariate__'];
}

/** Two features that go together, and noise in others. */
function paired(count: number, random: Random, others = 0): Row[] {
  return Array.from({ length: count }, () => {
    const a = gaussian(random);
    const noise = Array.from({ length: others }, (_, i) => [`n${i}`, gaussian(random)]);
    return { a: 100 + 5 * a, b: 0.9 * a + 0.1 * gaussian(random), ...Object.fromEntries(noise) };
  });
}

describe('the reconstruction error', () => {
  it('is the distance from the directions in which the baseline varies, in standard deviations', () => {
    const rows = [-2, -1, 0, 1, 2].flatMap((x) => Array.from({ length: 5 }, () => ({ a: 10 + x, b: 3 * x })));
    const derivation = fitted([...rows, { a: 10.5, b: -1.5 }, { a: 9.5, b: 1.5 }]);
    const [unitA, unitB] = derivation.deviations as [number, number];
    expect(derivation.vectors.length).toBe(1);
    expect(errorOf(derivation, { a: 10 + unitA, b: unitB })).toBeCloseTo(0, 6);
    expect(errorOf(derivation, { a: 10 + unitA, b: -unitB })).toBeCloseTo(Math.SQRT2, 6);
  });

  it('is the same whether computed from what is kept or from what is lost', () => {
    const random = seededRandom(1);
    const rows = Array.from({ length: 200 }, () =>
      Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((name) => [name, gaussian(random)])),
    );
    const lost = fitted(rows);
    expect(lost).toMatchObject({ spans: 'lost', vectors: { length: 1 } });
    // The directions at right angles to the lost one, by Gram and Schmidt.
    const kept: number[][] = [];
    for (let j = 0; j < 4; j += 1) {
      const axis = Array.from({ length: 5 }, (_, i): number => (i === j ? 1 : 0));
      for (const other of [...lost.vectors, ...kept]) {
        const along = other.reduce((sum, entry, i) => sum + entry * (axis[i] as number), 0);
        for (let i = 0; i < 5; i += 1) axis[i] = (axis[i] as number) - along * (other[i] as number);
      }
      const length = Math.hypot(...axis);
      kept.push(axis.map((entry) => entry / length));
    }
    const other: ReconstructionDerivation = { ...lost, spans: 'kept', vectors: kept };
    for (const row of rows) expect(errorOf(other, row)).toBeCloseTo(errorOf(lost, row) as number, 9);
  });

  it('takes the mean for what is missing or no number, and is missing when that is more than half', () => {
    const derivation = fitted(paired(100, seededRandom(2), 2));
    const [a, b, n0, n1] = derivation.means as [number, number, number, number];
    const without = errorOf(derivation, { a, b: null, n0: 'x' });
    expect(errorOf(derivation, { a, b: 5 + b, n0: n0 + 1, n1: Number.POSITIVE_INFINITY })).toBeCloseTo(
      errorOf(derivation, { a, b: 5 + b, n0: n0 + 1, n1 }) as number,
      12,
    );
    expect(without).toBeNull();
    expect(errorOf(derivation, { a, b })).toBeCloseTo(0, 12);
    expect(errorOf(derivation, {})).toBeNull();
  });

  it('is a finite number for numbers of any size', () => {
    const derivation = fitted(paired(100, seededRandom(3), 3));
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 5, maxLength: 5 }),
        (xs) => {
          const row = Object.fromEntries(derivation.features.map((name, i) => [name, xs[i]]));
          expect(errorOf(derivation, row)).toBeGreaterThanOrEqual(0);
          expect(errorOf(derivation, row)).toBeLessThan(Number.POSITIVE_INFINITY);
        },
      ),
    );
  });

  it('is zero, and not the noise of rounding, where one feature is another by a factor', () => {
    const random = seededRandom(4);
    const rows = Array.from({ length: 100 }, () => gaussian(random)).map((a) => ({
      a,
      b: 3 * a + 1,
      c: -a / 7,
    }));
    const derivation = fitted(rows);
    expect(rows.map((row) => errorOf(derivation, row))).toEqual(rows.map(() => 0));
  });

  it('keeps components up to 65 % of the variance: at least one, and never all', () => {
    const random = seededRandom(5);
    for (const dimensions of [2, 3, 4, 10, 30]) {
      const names = Array.from({ length: dimensions }, (_, i) => `f${i}`);
      const rows = Array.from({ length: 500 }, () =>
        Object.fromEntries(names.map((name) => [name, gaussian(random)])),
      );
      const { vectors, spans } = fitted(rows);
      const kept = spans === 'kept' ? vectors.length : dimensions - vectors.length;
      expect(kept).toBeGreaterThanOrEqual(1);
      expect(kept).toBeLessThan(dimensions);
      // Independent features share the variance about equally.
      if (dimensions > 4) expect(kept / dimensions).toBeCloseTo(0.6, 0);
      expect(vectors.length).toBeLessThanOrEqual(Math.ceil(dimensions / 2));
    }
  });
});

describe('fitting it', () => {
  it('leaves out features that do not vary, have no number, or are too large to have a spread', () => {
    const rows = paired(50, seededRandom(6)).map((row, i) => ({
      ...row,
      constant: 0.1,
      text: 'x',
      none: null,
      huge: i % 2 === 0 ? 1e308 : -1e308,
    }));
    expect(fitted(rows).features).toEqual(['a', 'b']);
  });

  it('takes the first 200 features', () => {
    const names = Array.from({ length: 230 }, (_, i) => `f${String(i).padStart(3, '0')}`);
    const random = seededRandom(7);
    const rows = Array.from({ length: 30 }, () =>
      Object.fromEntries(names.map((name) => [name, gaussian(random)])),
    );
    expect(fitted(rows).features).toEqual(names.slice(0, 200));
  });

  it('needs two features and twenty rows', () => {
    const rows = paired(19, seededRandom(8));
    expect(fitRows(rows)).toBeUndefined();
    expect(fitRows(paired(20, seededRandom(8)))).toBeDefined();
    expect(fitRows(paired(50, seededRandom(8)), ['a'])).toBeUndefined();
    expect(fitRows([])).toBeUndefined();
    expect(
      fitRows(
        paired(50, seededRandom(8)).map((row, i) => (i < 15 ? row : {})),
        ['a', 'b'],
      ),
    ).toBeUndefined();
  });

  it('standardizes, so that the unit of a feature does not matter', () => {
    const rows = paired(60, seededRandom(9), 3);
    const scaled = rows.map((row) => ({ ...row, n0: (row['n0'] as number) * 1e9 + 4 }));
    const meanError = (of: readonly Row[]): number => {
      const derivation = fitted(of);
      return mean(of.map((row) => errorOf(derivation, row) as number));
    };
    expect(meanError(scaled)).toBeCloseTo(meanError(rows), 9);
  });
});
