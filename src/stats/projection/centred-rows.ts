/** Relative error of a mean of some thousand rows. */
const ROUNDING = 1e-13;

/** Rows around their mean, brought to a size at which no product overflows. */
export interface CentredRows {
  /** Column means of the rows as they were given. */
  readonly mean: Float64Array;
  /** (row - mean) / scale. */
  readonly rows: readonly Float64Array[];
  /** Sum of squares of all entries of `rows`; 0 when the rows are all the same. */
  readonly total: number;
}

/**
 * Centres rows of equal length. Directions and shares of variance do not depend on the common scale, which is the largest
 * magnitude of an entry.
 *
 * @param rows finite numbers; at least one row.
 */
export function centredRows(rows: ReadonlyArray<ArrayLike<number>>): CentredRows {
  const columns = rows[0]?.length ?? 0;
  let scale = 0;
  for (const row of rows) {
    for (let j = 0; j < columns; j += 1) scale = Math.max(scale, Math.abs(row[j] as number));
  }
  if (scale === 0) scale = 1;
  const mean = new Float64Array(columns);
  for (const row of rows) {
    for (let j = 0; j < columns; j += 1) mean[j]! += (row[j] as number) / scale / rows.length;
  }
  let total = 0;
  const centred = rows.map((row) => {
    const moved = new Float64Array(columns);
    for (let j = 0; j < columns; j += 1) {
      const center = mean[j] as number;
      const entry = (row[j] as number) / scale - center;
      // What is left of equal values is the rounding of their mean, and no variance.
      moved[j] = Math.abs(entry) < ROUNDING * Math.abs(center) ? 0 : entry;
      total += (moved[j] as number) ** 2;
    }
    return moved;
  });
  return { mean: mean.map((value) => value * scale), rows: centred, total };
}
