import { gaussian, type Random } from '../../../src/base/random.ts';

/** Rows that vary along random directions, with these standard deviations, around a mean of 3 in every column. */
export function rowsAlong(
  deviations: readonly number[],
  rows: number,
  columns: number,
  random: Random,
): Float64Array[] {
  const directions = deviations.map(() => Float64Array.from({ length: columns }, () => gaussian(random)));
  return Array.from({ length: rows }, () => {
    const row = new Float64Array(columns).fill(3);
    directions.forEach((direction, k) => {
      const amount = (gaussian(random) * (deviations[k] as number)) / Math.sqrt(columns);
      for (let j = 0; j < columns; j += 1) row[j]! += amount * (direction[j] as number);
    });
    return row;
  });
}
