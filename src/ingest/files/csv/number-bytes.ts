import { decimalQuotient, POWERS_OF_TEN } from '../../../base/decimal.ts';

const ZERO = 0x30;
const PLUS = 0x2b;
const MINUS = 0x2d;
const POINT = 0x2e;
const SMALL_E = 0x65;

/** Digits that fit into a small integer. */
const PART = 9;
const MAX_POWER = POWERS_OF_TEN.length - 1;

/**
 * Reads numbers from text without making strings of it. What is a number is what `column-kinds.ts` says, and each is the
 * double that is nearest to its digits, as `Number` gives it.
 */
export class NumberBytes {
  /** Position behind the number that was read last. */
  end = 0;

  /**
   * The number whose text begins at `start`, up to the first byte that cannot belong to it; there must be such a byte. NaN
   * when no number begins there, or one that is infinite, or a whole number beyond 2^53.
   */
  read(bytes: Buffer, start: number): number {
    let at = start;
    let byte = bytes[at] as number;
    const negative = byte === MINUS;
    if (negative || byte === PLUS) byte = bytes[++at] as number;

    // The digits that count, in two integers: high has the first nine of them and low the next nine.
    let high = 0;
    let low = 0;
    let digits = 0;
    let power = 0;
    const whole = at;
    if (byte === ZERO) {
      byte = bytes[++at] as number;
      if (byte >= ZERO && byte <= 0x39) return Number.NaN;
    } else {
      for (; byte >= ZERO && byte <= 0x39; byte = bytes[++at] as number) {
        if (digits < PART) high = (high * 10 + byte - ZERO) | 0;
        else if (digits < 2 * PART) low = (low * 10 + byte - ZERO) | 0;
        digits += 1;
      }
    }
    let isWhole = true;
    if (byte === POINT) {
      isWhole = false;
      const fraction = at + 1;
      byte = bytes[++at] as number;
      if (digits === 0) while (byte === ZERO) byte = bytes[++at] as number;
      for (; byte >= ZERO && byte <= 0x39; byte = bytes[++at] as number) {
        if (digits < PART) high = (high * 10 + byte - ZERO) | 0;
        else if (digits < 2 * PART) low = (low * 10 + byte - ZERO) | 0;
        digits += 1;
      }
      power = fraction - at;
      if (power === 0 && fraction - 1 === whole) return Number.NaN;
    } else if (at === whole) {
      return Number.NaN;
    }
    if ((byte | 0x20) === SMALL_E) {
      isWhole = false;
      byte = bytes[++at] as number;
      const isNegativePower = byte === MINUS;
      if (isNegativePower || byte === PLUS) byte = bytes[++at] as number;
      const first = at;
      let given = 0;
      for (; byte >= ZERO && byte <= 0x39; byte = bytes[++at] as number) {
        // Far beyond any double already; it must only not overflow itself.
        if (given < 100_000) given = given * 10 + byte - ZERO;
      }
      if (at === first) return Number.NaN;
      power += isNegativePower ? -given : given;
    }
    this.end = at;

    if (digits <= 2 * PART) {
      // Exact: a multiple of a power of two that is below 2^53 times that power.
      const shifted = digits <= PART ? high : high * (POWERS_OF_TEN[digits - PART] as number);
      const sum = shifted + low;
      const rest = low - (sum - shifted);
      if (rest === 0 && sum <= Number.MAX_SAFE_INTEGER) {
        // Both operands are exact, so the one rounding is that of the result (Clinger 1990).
        if (power === 0) return negative ? -sum : sum;
        if (power < 0 && power >= -MAX_POWER) {
          const value = sum / (POWERS_OF_TEN[-power] as number);
          return negative ? -value : value;
        }
        if (power > 0 && power <= MAX_POWER) {
          const value = sum * (POWERS_OF_TEN[power] as number);
          return negative ? -value : value;
        }
      } else if (!isWhole && power < 0 && power >= -MAX_POWER) {
        const value = decimalQuotient(sum, rest, -power);
        if (!Number.isNaN(value)) return negative ? -value : value;
      }
    }
    const value = Number(bytes.toString('latin1', start, at));
    return Number.isFinite(value) && !(isWhole && !Number.isSafeInteger(value)) ? value : Number.NaN;
  }
}
