/** Longest text of a value in a message, in UTF-16 units. */
const LENGTH = 40;
/** Deeper than this is shown as `…`: JSON of any depth can be read, but not written again. */
const DEPTH = 3;

/** A value of any kind in few characters, for messages. */
export function shortText(value: unknown): string {
  // Infinity is null in JSON.
  const text = typeof value === 'object' ? JSON.stringify(shallow(value, DEPTH)) : String(value);
  return text.length <= LENGTH ? text : `${text.slice(0, LENGTH - 1)}…`;
}

function shallow(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth === 0) return '…';
  if (Array.isArray(value)) return value.slice(0, LENGTH).map((item) => shallow(item, depth - 1));
  const entries = Object.entries(value).slice(0, LENGTH);
  return Object.fromEntries(entries.map(([key, item]) => [key, shallow(item, depth - 1)]));
}
