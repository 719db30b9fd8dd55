import fc from 'fast-check';
import { variance } from 'simple-statistics';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/base/random.ts';
import { dot, principalComponents } from '../../../src/stats/projection/principal-components.ts';
import { rowsAlong } from './samples.ts';

const entry = fc.double({ min: -1e3, max: 1e3, noNaN: true });

/** Up to 12 rows of 1 to 6 columns: more rows than columns, and fewer. */
const samples = fc
  .integer({ min: 1, max: 6 })
  .chain((columns) =>
    fc.array(fc.array(entry, { minLength: columns, maxLength: columns }), { minLength: 1, maxLength: 12 }),
  );

describe('principal components', () => {
  it('of two columns that go together are the diagonals', () => {
    const { mean, components } = principalComponents([
      [1, 11],
      [2, 12],
      [3, 13],
      [2.5, 11.5],
      [1.5, 12.5],
    ]);
    expect([...mean]).toEqual([2, 12]);
    const [along, across] = components;
    expect(along?.share).toBeCloseTo(4 / 5, 12);
    expect(across?.share).toBeCloseTo(1 / 5, 12);
    for (const entry of along?.vector ?? []) expect(entry).toBeCloseTo(Math.SQRT1_2, 12);
    expect((across?.vector[0] ?? 0) * (across?.vector[1] ?? 0)).toBeCloseTo(-0.5, 12);
  });

  it('are unit vectors at right angles, by falling share, and the shares add up to one', () => {
    fc.assert(
      fc.property(samples, (rows) => {
        const { components } = principalComponents(rows);
        const shares = components.map(({ share }) => share);
        expect([...shares].sort((a, b) => b - a)).toEqual(shares);
        if (shares.length > 0) expect(shares.reduce((sum, share) => sum + share)).toBeCloseTo(1, 9);
        components.forEach(({ vector, share }, i) => {
          expect(dot(vector, vector)).toBeCloseTo(1, 12);
          expect(Math.max(...vector)).toBeGreaterThanOrEqual(-Math.min(...vector));
          for (const other of components.slice(0, i)) {
            // Directions that hold next to nothing are as exact as rounding leaves them.
            if (share > 1e-8) expect(dot(vector, other.vector)).toBeCloseTo(0, 6);
          }
        });
      }),
    );
  });

  it('hold the variance of the sample along them', () => {
    const rows = rowsAlong([5, 2, 1, 0.5], 300, 7, seededRandom(1));
    const { components } = principalComponents(rows);
    const whole = Array.from({ length: 7 }, (_, j) => variance(rows.map((row) => row[j] as number)));
    const total = whole.reduce((sum, value) => sum + value);
    expect(components.length).toBe(4);
    for (const { vector, share } of components) {
      expect(variance(rows.map((row) => dot(row, vector))) / total).toBeCloseTo(share, 10);
    }
  });

  it('are the same by rows and by columns', () => {
    const rows = rowsAlong([5, 2, 1], 12, 12, seededRandom(2));
    const byColumns = principalComponents(rows).components;
    // A row that is the mean adds nothing, a column that is constant neither: one of them decides the way.
    const byRows = principalComponents(rows.map((row) => [...row, 7])).components;
    expect(byRows.length).toBe(3);
    byColumns.forEach(({ vector, share }, i) => {
      expect(byRows[i]?.share).toBeCloseTo(share, 10);
      expect(dot(vector, (byRows[i]?.vector ?? new Float64Array()).slice(0, 12))).toBeCloseTo(1, 10);
    });
  });

  it('are none where nothing varies', () => {
    expect(principalComponents([]).components).toEqual([]);
    expect(principalComponents([[1, 2]]).components).toEqual([]);
    const constant = Array.from({ length: 7 }, () => [0.1, 1e9, -1e-9]);
    expect(principalComponents(constant)).toMatchObject({ components: [] });
  });

  it('are found among numbers of any size', () => {
    for (const scale of [1e-300, 1e-9, 1e9, 1e307]) {
      const rows = rowsAlong([3, 1], 40, 4, seededRandom(3)).map((row) => row.map((entry) => entry * scale));
      const { mean, components } = principalComponents(rows);
      expect(mean.every(Number.isFinite)).toBe(true);
      expect(components.length, `${scale}`).toBe(2);
    }
  });
});
