import type { ColumnBatch, ColumnVector } from '../../ingest/files/column-batch.ts';
import { murmurHash3 } from '../../stats/distinct/murmur-hash-3.ts';

const SEED = 17;
const MISSING = 0x9e3779b9;

/**
 * The rows on which derived features are counted, by their position in the batch; the others are those that they may be
 * fitted on. What a row holds decides, and not its place: so a row that both tables have is on the same side in both, and
 * a table compared with itself, or with one that has grown from it, is not found changed for what a fit knows of its own rows.
 *
 * @param isKnown columns that count, whichever order they stand in.
 */
export function heldOutRows(
  { rows, columns }: ColumnBatch,
  isKnown: (column: string) => boolean = () => true,
): Int32Array {
  const hashes = new Int32Array(rows);
  for (const [name, vector] of columns) {
    if (isKnown(name)) addColumn(hashes, vector, rows, murmurHash3(name, SEED));
  }
  const heldOut = new Int32Array(rows);
  let count = 0;
  for (let row = 0; row < rows; row += 1) {
    if ((mixed(hashes[row] as number) & 1) === 0) continue;
    heldOut[count] = row;
    count += 1;
  }
  return heldOut.subarray(0, count);
}

/** Hashes of a row's cells are added up, so that the order of columns does not matter. */
function addColumn(hashes: Int32Array, vector: ColumnVector, rows: number, seed: number): void {
  switch (vector.type) {
    case 'numbers': {
      const halves = new Uint32Array(vector.values.buffer, vector.values.byteOffset, 2 * rows);
      for (let row = 0; row < rows; row += 1) {
        const isMissing = Number.isNaN(vector.values[row]);
        const low = isMissing ? MISSING : (halves[2 * row] as number);
        const high = isMissing ? MISSING : (halves[2 * row + 1] as number);
        hashes[row]! += mixed(Math.imul(mixed(low ^ seed), 31) ^ high);
      }
      return;
    }
    case 'codes': {
      const known = vector.dictionary.map((text) => murmurHash3(text, seed));
      for (let row = 0; row < rows; row += 1) {
        const code = vector.codes[row] as number;
        hashes[row]! += code < 0 ? mixed(MISSING ^ seed) : (known[code] as number);
      }
      return;
    }
    case 'values':
      for (let row = 0; row < rows; row += 1) hashes[row]! += hashOf(vector.values[row], seed);
  }
}

/** Of a nested value only what stands in its first level. */
function hashOf(value: unknown, seed: number): number {
  if (!Array.isArray(value)) return murmurHash3(typeof value === 'object' ? 'object' : String(value), seed);
  let sum = value.length;
  for (const item of value)
    sum = Math.imul(sum, 31) + murmurHash3(typeof item === 'object' ? 'object' : String(item), seed);
  return sum;
}

/** The finisher of MurmurHash3: every bit of the input moves every bit of the result. */
function mixed(value: number): number {
  let hash = value | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
