import { expect, it } from 'vitest';
import { inserts } from '../../src/pipeline/insert-sizes.ts';

const sizes = (table: string, rows: readonly object[]): number[] =>
  [...inserts(table, rows)].map(({ length }) => length);

it('cuts profiles by their number', () => {
  expect(sizes('profile_parts', Array(600).fill({ n: 1 }))).toEqual([250, 250, 100]);
});

it('cuts rows of records by how long their texts are', () => {
  expect(sizes('rejects', Array(5).fill({ payload: 'x'.repeat(1_500_000) }))).toEqual([2, 2, 1]);
  expect(sizes('labels', Array(25_000).fill({ offset: 1 }))).toEqual([20_000, 5_000]);
});

it('leaves a row whole that fills more than an insert, and nothing of none', () => {
  expect(sizes('rejects', [{}, { payload: 'x'.repeat(5_000_000) }, {}])).toEqual([1, 1, 1]);
  expect(sizes('rejects', [])).toEqual([]);
});

it('loses no row and keeps their order', () => {
  const rows = Array.from({ length: 777 }, (_, n) => ({ n }));
  expect([...inserts('profile_parts', rows)].flat()).toEqual(rows);
});
