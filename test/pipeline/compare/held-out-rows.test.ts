import { describe, expect, it } from 'vitest';
import { gaussian, seededRandom } from '../../../src/base/random.ts';
import type { ColumnBatch, ColumnVector } from '../../../src/ingest/files/column-batch.ts';
import { heldOutRows } from '../../../src/pipeline/compare/held-out-rows.ts';

function numbers(values: readonly number[]): ColumnVector {
  return {
    type: 'numbers',
    values: Float64Array.from(values),
    missing: 0,
    invalid: 0,
    invalidExample: undefined,
  };
}

function texts(values: readonly string[]): ColumnVector {
  const dictionary = [...new Set(values)];
  return {
    type: 'codes',
    dictionary,
    codes: Int32Array.from(values, (value) => dictionary.indexOf(value)),
  };
}

function batch(columns: ReadonlyArray<readonly [string, ColumnVector]>, rows: number): ColumnBatch {
  return { firstLine: 2, rows, columns: new Map(columns) };
}

describe('heldOutRows', () => {
  const random = seededRandom(4);
  const x = Array.from({ length: 1_000 }, () => gaussian(random));
  const t = x.map((value) => `text ${Math.round(value * 50)}`);
  const whole = Array.from(
    heldOutRows(
      batch(
        [
          ['x', numbers(x)],
          ['t', texts(t)],
        ],
        1_000,
      ),
    ),
  );

  it('are about half of all', () => {
    expect(whole.length).toBeGreaterThan(450);
    expect(whole.length).toBeLessThan(550);
  });

  it('are the same wherever they stand, in whichever order the columns come', () => {
    const order = x.map((_, row) => row).sort((a, b) => (x[a] as number) - (x[b] as number));
    const found = heldOutRows(
      batch(
        [
          ['more', numbers(x.map((_, row) => row))],
          ['t', texts(order.map((row) => t[row] as string))],
          ['x', numbers(order.map((row) => x[row] as number))],
        ],
        1_000,
      ),
      (column) => column !== 'more',
    );
    expect(Array.from(found, (position) => order[position] as number).sort((a, b) => a - b)).toEqual(whole);
  });

  it('take lists by their items, and whatever is missing for the same', () => {
    const values = (cells: readonly unknown[]): ColumnVector => ({ type: 'values', values: cells });
    const vectors = x.map((value) => [value, -value]);
    const copies = x.map((value) => [value, -value]);
    expect(heldOutRows(batch([['e', values(vectors)]], 1_000))).toEqual(
      heldOutRows(batch([['e', values(copies)]], 1_000)),
    );
    const gaps = heldOutRows(batch([['x', numbers(x.map(() => Number.NaN))]], 1_000)).length;
    expect([0, 1_000]).toContain(gaps);
  });
});
