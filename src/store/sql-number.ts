/** A number as ClickHouse reads a Float64 in JSON, which itself has no word for infinity. */
export function sqlFloat(value: number): number | string {
  if (Number.isFinite(value)) return value;
  if (Number.isNaN(value)) return 'nan';
  return value > 0 ? 'inf' : '-inf';
}

/** A Float64 as it comes back: a number, or a word. Nothing that is undefined has a sign, but the engine says one. */
export type SqlFloat = number | 'inf' | '-inf' | 'nan' | '-nan';

export function floatOf(value: SqlFloat): number {
  if (typeof value === 'number') return value;
  if (value.endsWith('nan')) return Number.NaN;
  return value === 'inf' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
}
