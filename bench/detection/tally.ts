import { markdownTable, percent } from './markdown.ts';

/** Counts how often something happened, by row and column of a table. */
export class Tally {
  readonly #cells = new Map<string, { hits: number; total: number }>();

  /** Undefined does not count at all. */
  add(row: string, column: string, happened: boolean | undefined): void {
    if (happened === undefined) return;
    const key = `${row}\0${column}`;
    const cell = this.#cells.get(key) ?? { hits: 0, total: 0 };
    cell.hits += happened ? 1 : 0;
    cell.total += 1;
    this.#cells.set(key, cell);
  }

  /** Undefined when nothing was counted. */
  share(row: string, column: string): number | undefined {
    const cell = this.#cells.get(`${row}\0${column}`);
    return cell === undefined ? undefined : cell.hits / cell.total;
  }

  percent(row: string, column: string): string {
    return percent(this.share(row, column));
  }
}

/** The shares of a tally as a table. */
export function sharesTable(
  corner: string,
  tally: Tally,
  rows: readonly string[],
  columns: readonly string[],
): string {
  return markdownTable(
    [corner, ...columns],
    rows.map((row) => [row, ...columns.map((column) => tally.percent(row, column))]),
  );
}
