import type { NumberVector } from '../column-batch.ts';
import type { ColumnPages, Page } from './column-pages.ts';
import type { ValueTarget } from './flat-column.ts';
import type { NumberFormat } from './number-format.ts';
import { NumberValues } from './number-values.ts';

/** Numbers and instants. */
export class NumberTarget implements ValueTarget {
  readonly rows: Float64Array;
  readonly gap = Number.NaN;
  readonly #isInteger: boolean;
  readonly #values: NumberValues;

  constructor(format: NumberFormat, capacity: number) {
    this.rows = new Float64Array(capacity);
    this.#isInteger = format.isInteger;
    this.#values = new NumberValues(format, capacity);
  }

  begin(page: Page, pages: ColumnPages): void {
    this.#values.begin(page, pages);
  }

  take(at: number, count: number): void {
    this.#values.take(this.rows, at, count);
  }

  vector(rows: number): NumberVector {
    const values = this.rows;
    let missing = 0;
    let invalid = 0;
    let example: string | undefined;
    for (let row = 0; row < rows; row += 1) {
      const value = values[row] as number;
      // Zero for every finite number.
      if (value - value === 0) continue;
      if (Number.isNaN(value)) {
        missing += 1;
      } else {
        invalid += 1;
        example ??= this.#isInteger ? 'a whole number beyond 2^53' : String(value);
        values[row] = Number.NaN;
      }
    }
    return { type: 'numbers', values, missing, invalid, invalidExample: example };
  }
}
