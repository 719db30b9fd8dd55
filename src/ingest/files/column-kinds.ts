import type { ColumnKind } from './row.ts';

/** A number as JSON, Python, R and SAS write it. A leading zero marks a code (a zip code, say) and not a number. */
const NUMBER = /^[+-]?(?:(?:0|[1-9]\d*)(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const INTEGER = /^[+-]?\d+$/;
/** How pandas, R and databases write that there is no value. Among numbers only: NA may be Namibia among countries. */
const NO_VALUE = /^(?:NA|N\/A|#N\/A|<NA>|NaN|null|None)$/i;

/**
 * What each column of text holds, judged by a sample of its cells: numeric when every non-empty cell is a finite number,
 * boolean when every one is true or false in any case, categorical else and when all of them are empty.
 *
 * Whole numbers beyond 2^53 are ids: a column of them is categorical, since as numbers they would run together.
 */
export function inferKinds(
  columns: readonly string[],
  sample: ReadonlyArray<readonly string[]>,
): Map<string, ColumnKind> {
  return new Map(
    columns.map((column, position) => [column, kindOf(sample.map((cells) => cells[position] ?? ''))]),
  );
}

function kindOf(cells: readonly string[]): ColumnKind {
  const filled = cells.filter((cell) => !isEmpty(cell));
  const said = filled.filter((cell) => !NO_VALUE.test(cell.trim()));
  if (said.length === 0) return 'categorical';
  if (said.every((cell) => parseNumber(cell) !== undefined)) return 'numeric';
  if (said.every((cell) => parseBoolean(cell) !== undefined)) return 'boolean';
  return 'categorical';
}

/** The value of a cell: null when empty, or when it says so in a column of numbers or booleans; and the text itself when it does not fit the column's kind. */
export function readCell(kind: ColumnKind, cell: string): number | boolean | string | null {
  if (isEmpty(cell)) return null;
  if (kind === 'categorical') return cell;
  const value = kind === 'numeric' ? parseNumber(cell) : parseBoolean(cell);
  if (value !== undefined) return value;
  return NO_VALUE.test(cell.trim()) ? null : cell;
}

function isEmpty(cell: string): boolean {
  return cell === '' || (cell.charCodeAt(0) <= 0x20 && cell.trim() === '');
}

function parseNumber(cell: string): number | undefined {
  const text = cell.trim();
  if (!NUMBER.test(text)) return undefined;
  const value = Number(text);
  if (!Number.isFinite(value)) return undefined;
  return !Number.isSafeInteger(value) && INTEGER.test(text) ? undefined : value;
}

function parseBoolean(cell: string): boolean | undefined {
  const text = cell.trim().toLowerCase();
  return text === 'true' ? true : text === 'false' ? false : undefined;
}
