import type { ColumnVector } from './column-batch.ts';
import { isoTimeOfText } from './iso-time.ts';
import { shortText } from './short-text.ts';

const FIRST_ROWS = 64;

/**
 * Takes values as JSON has them, and keeps them in the form that suits them all: numbers when each is a number, codes when
 * each is a string or a boolean, else the values themselves. Rows that are left out, null and undefined are missing.
 */
export class ValueColumn {
  readonly #isTime: boolean;
  /** Undefined as long as nothing came. Only what this says is in use. */
  #form: ColumnVector['type'] | undefined;
  #numbers = new Float64Array(0);
  #codes = new Int32Array(0);
  #values: unknown[] = [];
  readonly #codeByText = new Map<string, number>();
  /** By code, as they came: booleans and strings may read the same. */
  readonly #originals: Array<string | boolean> = [];
  #present = 0;
  #invalid = 0;
  #invalidExample: string | undefined;

  /** @param isTime true when text is a date or a timestamp; then numbers are milliseconds, and anything else is invalid. */
  constructor(isTime: boolean) {
    this.#isTime = isTime;
  }

  /** Rows must come in order. */
  add(row: number, value: unknown): void {
    if (value === null || value === undefined) return;
    this.#present += 1;
    const form = this.#isTime ? 'numbers' : formOf(value);
    if (this.#form !== form) this.#change(row, this.#form === undefined ? form : 'values');
    if (this.#form === 'numbers') this.#addNumber(row, value);
    else if (this.#form === 'codes') this.#addText(row, value as string | boolean);
    else this.#values[row] = value;
  }

  /** Undefined when no row has a value. */
  vector(rows: number): ColumnVector | undefined {
    switch (this.#form) {
      case 'numbers':
        this.#reserveNumbers(rows);
        return {
          type: 'numbers',
          values: this.#numbers,
          missing: rows - this.#present,
          invalid: this.#invalid,
          invalidExample: this.#invalidExample,
        };
      case 'codes':
        this.#reserveCodes(rows);
        return { type: 'codes', codes: this.#codes, dictionary: [...this.#codeByText.keys()] };
      case 'values':
        return {
          type: 'values',
          values: Array.from({ length: rows }, (_, row) => this.#values[row] ?? null),
        };
      case undefined:
        return undefined;
    }
  }

  #addNumber(row: number, value: unknown): void {
    this.#reserveNumbers(row + 1);
    const number = this.#isTime && typeof value === 'string' ? isoTimeOfText(value) : value;
    if (typeof number === 'number' && Number.isFinite(number)) {
      this.#numbers[row] = number;
    } else {
      this.#invalid += 1;
      this.#invalidExample ??= shortText(value);
    }
  }

  #addText(row: number, value: string | boolean): void {
    this.#reserveCodes(row + 1);
    const text = String(value);
    let code = this.#codeByText.get(text);
    if (code === undefined) {
      code = this.#originals.push(value) - 1;
      this.#codeByText.set(text, code);
    }
    this.#codes[row] = code;
  }

  #change(rows: number, form: ColumnVector['type']): void {
    if (form === 'values' && this.#form === 'numbers') {
      this.#values = Array.from(this.#numbers.subarray(0, rows), (value) =>
        Number.isNaN(value) ? null : value,
      );
    }
    if (form === 'values' && this.#form === 'codes') {
      this.#values = Array.from(this.#codes.subarray(0, rows), (code) => this.#originals[code] ?? null);
    }
    this.#form = form;
  }

  #reserveNumbers(rows: number): void {
    if (rows <= this.#numbers.length) return;
    const larger = new Float64Array(Math.max(FIRST_ROWS, 2 * this.#numbers.length, rows)).fill(Number.NaN);
    larger.set(this.#numbers);
    this.#numbers = larger;
  }

  #reserveCodes(rows: number): void {
    if (rows <= this.#codes.length) return;
    const larger = new Int32Array(Math.max(FIRST_ROWS, 2 * this.#codes.length, rows)).fill(-1);
    larger.set(this.#codes);
    this.#codes = larger;
  }
}

function formOf(value: unknown): ColumnVector['type'] {
  if (typeof value === 'number') return 'numbers';
  return typeof value === 'string' || typeof value === 'boolean' ? 'codes' : 'values';
}
