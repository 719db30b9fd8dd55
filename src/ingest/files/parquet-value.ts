/**
 * A Parquet value as JSON would have it: 64-bit integers become numbers, or text where a number would lose digits; times
 * become ISO-8601 text in UTC; bytes become hexadecimal text. NaN becomes null: it is how data frames write a missing number.
 */
export function parquetValue(value: unknown): unknown {
  switch (typeof value) {
    case 'number':
      return Number.isNaN(value) ? null : value;
    case 'bigint':
      return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
    case 'undefined':
      return null;
    case 'object':
      return value === null ? null : objectValue(value);
    default:
      return value;
  }
}

function objectValue(value: object): unknown {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (Array.isArray(value)) return value.map(parquetValue);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, parquetValue(inner)]));
}
