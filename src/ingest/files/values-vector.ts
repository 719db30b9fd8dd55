import type { ColumnVector } from './column-batch.ts';
import { isoTimeOfText } from './iso-time.ts';

/**
 * The vector that suits the values of a column, as JSON has them: numbers when all are numbers, codes when all are strings
 * or booleans, else the values themselves. Null and undefined are missing; undefined when nothing else is there.
 *
 * @param isTime true when strings are to be read as dates and timestamps; numbers then are milliseconds already.
 */
export function valuesVector(values: readonly unknown[], isTime: boolean): ColumnVector | undefined {
  let hasNumbers = false;
  let hasTexts = false;
  for (const value of values) {
    if (typeof value === 'number') hasNumbers = true;
    else if (typeof value === 'string' || typeof value === 'boolean') hasTexts = true;
    else if (value !== null && value !== undefined) return { type: 'values', values };
  }
  if (!hasNumbers && !hasTexts) return undefined;
  if (isTime) return times(values);
  if (hasNumbers && hasTexts) return { type: 'values', values };
  return hasTexts
    ? codes(values)
    : numbers(values, (value) => (typeof value === 'number' ? value : Number.NaN));
}

function times(values: readonly unknown[]): ColumnVector {
  return numbers(values, (value) => {
    if (typeof value === 'string') return isoTimeOfText(value);
    return typeof value === 'number' ? value : Number.NaN;
  });
}

function numbers(values: readonly unknown[], read: (value: unknown) => number): ColumnVector {
  const array = new Float64Array(values.length);
  let missing = 0;
  let invalid = 0;
  let invalidExample: string | undefined;
  for (const [row, value] of values.entries()) {
    const number = read(value);
    array[row] = Number.isFinite(number) ? number : Number.NaN;
    if (Number.isFinite(number)) continue;
    // Data frames write a missing number as NaN.
    if (value === null || value === undefined || Number.isNaN(value)) {
      missing += 1;
    } else {
      invalid += 1;
      invalidExample ??= String(value);
    }
  }
  return { type: 'numbers', values: array, missing, invalid, invalidExample };
}

function codes(values: readonly unknown[]): ColumnVector {
  const array = new Int32Array(values.length);
  const dictionary: string[] = [];
  const codeByText = new Map<string, number>();
  for (const [row, value] of values.entries()) {
    if (value === null || value === undefined) {
      array[row] = -1;
      continue;
    }
    const text = String(value);
    let code = codeByText.get(text);
    if (code === undefined) {
      code = dictionary.push(text) - 1;
      codeByText.set(text, code);
    }
    array[row] = code;
  }
  return { type: 'codes', codes: array, dictionary };
}
