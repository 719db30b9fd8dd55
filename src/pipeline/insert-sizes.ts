import { rowBytes } from './pending-rows.ts';

/**
 * What one insert may hold. It is one text, which several places hold while it is on its way; with what the engine makes of it, some
 * megabytes.
 */
export const INSERT_BYTES = 4_000_000;

/** Profiles are of about one size, of which the engine makes much more than the text has. */
const PROFILE_BYTES = INSERT_BYTES / 250;

/** How much of an insert rows fill. */
export function insertBytes(table: string, rows: readonly object[]): number {
  return table === 'profile_parts'
    ? rows.length * PROFILE_BYTES
    : rows.reduce((sum, row) => sum + rowBytes(row), 0);
}

/** Cuts rows into inserts. */
export function* inserts(table: string, rows: readonly object[]): Generator<readonly object[]> {
  let part: object[] = [];
  let bytes = 0;
  for (const row of rows) {
    const more = insertBytes(table, [row]);
    if (part.length > 0 && bytes + more > INSERT_BYTES) {
      yield part;
      part = [];
      bytes = 0;
    }
    part.push(row);
    bytes += more;
  }
  if (part.length > 0) yield part;
}
