/** Rows of a batch: as many as keep it within about a million cells, so that 10 000 columns need little memory too. */
export function batchRows(columns: number): number {
  return Math.max(64, Math.min(8192, Math.floor(2 ** 20 / Math.max(1, columns))));
}
