import type { ColumnBatch, NumberVector } from '../../ingest/files/column-batch.ts';
import type { Derivation } from '../../profile/derived/derivation.ts';
import { type Deriver, deriverFor } from '../../profile/derived/deriver.ts';
import { cellOf } from './cell-of.ts';

interface Output {
  readonly values: Float64Array;
  missing: number;
  invalid: number;
}

/** Computes derived features batch by batch, as columns of numbers. */
export class DerivedColumns {
  readonly #derivers: readonly Deriver[];

  constructor(derivations: readonly Derivation[]) {
    this.#derivers = derivations.map(deriverFor);
  }

  /**
   * @param rows to be looked at, by their position in the batch.
   * @returns the derived columns by feature, with one value for each of those rows.
   */
  columns(batch: ColumnBatch, rows: ArrayLike<number>): Map<string, NumberVector> {
    const columns = new Map<string, NumberVector>();
    for (const { names, sources, derive } of this.#derivers) {
      const vectors = sources.map((source) => batch.columns.get(source));
      const outputs = names.map(
        (): Output => ({ values: new Float64Array(rows.length), missing: 0, invalid: 0 }),
      );
      const into: Array<number | null> = [];
      let row = 0;
      const source = (place: number): unknown => cellOf(vectors[place], row);
      for (let i = 0; i < rows.length; i += 1) {
        row = rows[i] as number;
        derive(source, into);
        for (let k = 0; k < outputs.length; k += 1) put(outputs[k] as Output, i, into[k] ?? null);
      }
      for (const [k, output] of outputs.entries()) {
        columns.set(names[k] as string, { type: 'numbers', ...output, invalidExample: undefined });
      }
    }
    return columns;
  }
}

function put(output: Output, at: number, value: number | null): void {
  if (value === null) output.missing += 1;
  else if (!Number.isFinite(value)) output.invalid += 1;
  output.values[at] = value === null || !Number.isFinite(value) ? Number.NaN : value;
}
