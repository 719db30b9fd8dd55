/** Powers of ten that are doubles. */
export const POWERS_OF_TEN = Float64Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));
/** 2^27 + 1: a factor that splits a double into two halves of 26 bits (Veltkamp 1968). */
const SPLITTER = 134_217_729;

function upperHalf(x: number): number {
  const scaled = SPLITTER * x;
  return scaled - (scaled - x);
}

const INVERSES = POWERS_OF_TEN.map((power) => 1 / power);
const UPPER_HALVES = POWERS_OF_TEN.map(upperHalf);
const LOWER_HALVES = POWERS_OF_TEN.map((power, i) => power - (UPPER_HALVES[i] as number));

/**
 * (sum + rest) / 10^power, correctly rounded; NaN when it lies so near the middle between two doubles that this arithmetic
 * cannot tell which one is nearer. `rest` is what rounding left of the sum; power is 0 to 22.
 */
export function decimalQuotient(sum: number, rest: number, power: number): number {
  const divisor = POWERS_OF_TEN[power] as number;
  const inverse = INVERSES[power] as number;
  // Not the nearest double, but so near that the difference to the sum below is exact. Faster than a division.
  const first = sum * inverse;
  // product + error is exactly first * divisor (Dekker 1971).
  const product = first * divisor;
  const firstHigh = upperHalf(first);
  const firstLow = first - firstHigh;
  const divisorHigh = UPPER_HALVES[power] as number;
  const divisorLow = LOWER_HALVES[power] as number;
  const error =
    firstHigh * divisorHigh -
    product +
    firstHigh * divisorLow +
    firstLow * divisorHigh +
    firstLow * divisorLow;
  const correction = (sum - product - error + rest) * inverse;
  const value = first + correction;
  // Far more than the correction can be wrong by.
  const doubt = correction * 2 ** -40;
  return first + (correction - doubt) === value && first + (correction + doubt) === value
    ? value
    : Number.NaN;
}
