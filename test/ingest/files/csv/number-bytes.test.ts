import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCell } from '../../../../src/ingest/files/column-kinds.ts';
import { NumberBytes } from '../../../../src/ingest/files/csv/number-bytes.ts';

const numbers = new NumberBytes();

/** The number that a whole cell is; NaN when it is none. */
function read(text: string): number {
  const bytes = Buffer.from(`${text},`);
  const value = numbers.read(bytes, 0);
  return numbers.end === bytes.length - 1 ? value : Number.NaN;
}

function expected(text: string): number {
  const value = readCell('numeric', text);
  return typeof value === 'number' ? value : Number.NaN;
}

function expectSame(text: string): void {
  const [value, wanted] = [read(text), expected(text)];
  if (!Object.is(value, wanted)) expect({ text, value }).toEqual({ text, value: wanted });
}

const digits = (length: number): fc.Arbitrary<string> =>
  fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: length }).map((list) => list.join(''));

describe('a number in bytes', () => {
  it('is the same double as Number gives for its text, for every double written out', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expectSame(String(value));
        expectSame(value.toExponential());
      }),
      { numRuns: 20_000 },
    );
  });

  it('is so for numbers of the size that data have, with all digits', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), fc.nat(20), (value, places) => {
        expectSame(String(value));
        expectSame(value.toFixed(places));
        expectSame(value.toPrecision(17));
        expectSame(value.toPrecision(18));
      }),
      { numRuns: 10_000 },
    );
  });

  it('is so for any digits, points, signs and powers', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('', '-', '+'),
        digits(20),
        fc.oneof(
          fc.constant(''),
          digits(22).map((text) => `.${text}`),
        ),
        fc.oneof(
          fc.constant(''),
          fc.integer({ min: -330, max: 330 }).map((power) => `e${power}`),
          fc.integer({ min: 0, max: 30 }).map((power) => `E+${power}`),
        ),
        (sign, whole, fraction, power) => expectSame(`${sign}${whole}${fraction}${power}`),
      ),
      { numRuns: 20_000 },
    );
  });

  it('is rounded to the even neighbour where it lies in the middle of two, and right beside the middle', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2 ** 30, max: 2 ** 31 }),
        fc.integer({ min: 1, max: 12 }),
        (high, bits) => {
          // An odd number of 54 bits lies in the middle of two doubles; divided by a power of two it has a fraction.
          const middle = BigInt(high) * 2n ** 23n + 1n;
          const scaled = (middle * 10n ** BigInt(bits)) / 2n ** BigInt(bits);
          for (const step of [-1n, 0n, 1n]) {
            const text = String(scaled + step);
            expectSame(`${text.slice(0, -bits)}.${text.slice(-bits)}`);
          }
        },
      ),
      { numRuns: 5_000 },
    );
  });

  it.each([
    '0',
    '-0',
    '0.0',
    '.5',
    '5.',
    '.',
    '-',
    '',
    '01',
    '00',
    '-01.5',
    '0.30000000000000004',
    '1e',
    '1e+',
    '1e5',
    '1E-7',
    '1e400',
    '-1e-400',
    '1e99999999999',
    '9007199254740991',
    '9007199254740992',
    '9007199254740993',
    '9007199254740993.0',
    '123456789012345678901234567890',
    '1234567890.12345678901234567890',
    '179769313486231580793728971405301e276',
    '0x10',
    '1_000',
    'NaN',
    'Infinity',
    '1.5.2',
    '--1',
  ])('%j is what the cell of a column is', (text) => expectSame(text));
});
