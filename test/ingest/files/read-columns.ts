import type { ColumnFile, ColumnOptions, ColumnVector } from '../../../src/ingest/files/column-batch.ts';
import { openColumns } from '../../../src/ingest/files/open-columns.ts';

/** Everything that a file of columns says. */
export interface ReadColumns {
  /** A row each; missing and invalid values are null, and booleans are text. */
  readonly rows: Array<Record<string, unknown>>;
  /** Of each column, over all batches. */
  readonly invalid: Record<string, number>;
  readonly missing: Record<string, number>;
  /** Of each batch. */
  readonly firstLines: number[];
  readonly types: Record<string, Set<string>>;
}

export async function readColumns(file: string, options?: ColumnOptions): Promise<ReadColumns> {
  return readBatches(await openColumns(file, options));
}

export async function readBatches(file: ColumnFile): Promise<ReadColumns> {
  const byName = (): Record<string, never> => Object.create(null);
  const all: ReadColumns = {
    rows: [],
    invalid: byName(),
    missing: byName(),
    firstLines: [],
    types: byName(),
  };
  for await (const { firstLine, rows, columns } of file.batches()) {
    all.firstLines.push(firstLine);
    const batch = Array.from({ length: rows }, (): Record<string, unknown> => Object.create(null));
    for (const [name, vector] of columns) {
      for (const [row, values] of batch.entries()) values[name] = valueAt(vector, row);
      all.types[name] ??= new Set();
      all.types[name].add(vector.type);
      if (vector.type === 'numbers') {
        all.invalid[name] = (all.invalid[name] ?? 0) + vector.invalid;
        all.missing[name] = (all.missing[name] ?? 0) + vector.missing;
        const absent = batch.filter((values) => values[name] === null).length;
        if (absent !== vector.missing + vector.invalid) throw new Error(`${name}: ${absent} are NaN`);
        if (vector.invalid > 0 !== (vector.invalidExample !== undefined)) throw new Error('no example');
      }
      if (vector.type === 'codes') checkDictionary(vector.dictionary, vector.codes.subarray(0, rows));
    }
    all.rows.push(...batch);
  }
  return all;
}

/** Each text once, in the order of its first row, and none that no row has. */
function checkDictionary(dictionary: readonly string[], codes: Int32Array): void {
  let next = 0;
  for (const code of codes) {
    if (code > next || code < -1) throw new Error(`code ${code} comes before ${next}`);
    if (code === next) next += 1;
  }
  if (next !== dictionary.length || new Set(dictionary).size !== next) {
    throw new Error(`${next} codes for ${JSON.stringify(dictionary)}`);
  }
}

function valueAt(vector: ColumnVector, row: number): unknown {
  switch (vector.type) {
    case 'numbers': {
      const value = vector.values[row] as number;
      return Number.isNaN(value) ? null : value;
    }
    case 'codes': {
      const code = vector.codes[row] as number;
      return code === -1 ? null : vector.dictionary[code];
    }
    case 'values':
      return vector.values[row];
  }
}
