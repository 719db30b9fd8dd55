/**
 * The inner loop of `src/decode/scan`, in AssemblyScript: it reads one message that lies in the module's memory along what
 * is known of how messages are laid out. `npm run generate` compiles it into `src/decode/scan/scan-module.ts`.
 *
 * JavaScript has neither integers of 64 bits nor memory without checks at each access; this loop needs half the time here.
 */

/** Keys of objects, each with a position. */
export const MAX_POSITIONS: i32 = 32768;
export const MAX_TRANSITIONS: i32 = 65536;
/** Bytes for what lies between values, and for lists of objects that begin there. */
export const TEXT_ROOM: i32 = 6 * 1024 * 1024;

/**
 * By position: the number of the message that has a value there; what it is; the number; of a string the first eight bytes,
 * zeros behind shorter ones; where it begins and ends.
 */
export const STAMPS: i32 = 65536;
export const NUMBERS: i32 = STAMPS + 4 * MAX_POSITIONS;
export const HEADS: i32 = NUMBERS + 8 * MAX_POSITIONS;
export const BEGINS: i32 = HEADS + 8 * MAX_POSITIONS;
export const ENDS: i32 = BEGINS + 4 * MAX_POSITIONS;
export const KINDS: i32 = ENDS + 4 * MAX_POSITIONS;
/** By position: the transition that was taken from there last, and the first one of all; 0 for none. */
export const PLACES: i32 = KINDS + MAX_POSITIONS;
/** Of each transition: address and length of its bytes, address of the list of objects that it opens (0 for none), position of the next value (-1 for the end), the next transition from the same place (0 for none), and one word free. */
export const TRANSITIONS: i32 = PLACES + 8 * MAX_POSITIONS;
export const TEXT: i32 = TRANSITIONS + 24 * MAX_TRANSITIONS;
/** Positions of numbers that JavaScript has to read, since the arithmetic here cannot tell which double is nearest. */
export const UNDECIDED: i32 = TEXT + TEXT_ROOM;
export const MAX_UNDECIDED: i32 = 64;
/** Behind all of it. */
export const RESERVED: i32 = UNDECIDED + 4 * MAX_UNDECIDED;

const NUMBER: u8 = 1;
const STRING: u8 = 2;
const ESCAPED: u8 = 3;
const TRUE: u8 = 4;
const FALSE: u8 = 5;
const NULL: u8 = 6;
const OTHER: u8 = 7;

const QUOTE: u32 = 0x22;
const BACKSLASH: u32 = 0x5c;
const ZERO: u32 = 0x30;
const SPACE: u32 = 0x20;
const CLOSE: u32 = 0x7d;

/** 2^27 + 1: a factor that splits a double into two halves of 26 bits (Veltkamp 1968). */
const SPLITTER: f64 = 134217729.0;
const MAX_POWER: i32 = 22;
const POWERS = memory.data<f64>([
  1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21,
  1e22,
]);

const INVERSE_POWERS = memory.data<f64>([
  1e0, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-11, 1e-12, 1e-13, 1e-14, 1e-15, 1e-16, 1e-17, 1e-18,
  1e-19, 1e-20, 1e-21, 1e-22,
]);

/** Powers of ten below a hundred million. */
const WHOLE_POWERS = memory.data<u64>([1, 10, 100, 1000, 10000, 100000, 1000000, 10000000]);

let undecided: i32 = 0;

/**
 * Reads the message at begin..end, one byte at least. Its values are then those whose stamp is `stamp`.
 *
 * @returns -1 when it is not laid out as known; else how many of its numbers wait in UNDECIDED, each with its text between its
 *   begin and its end.
 */
export function scan(begin: i32, end: i32, stamp: i32): i32 {
  // Digits that run on to the end of a message stop there.
  const last: u32 = load<u8>(end - 1);
  if (last != CLOSE && last > SPACE) return -1;
  return walk(begin, end, stamp) ? undecided : -1;
}

@inline
function walk(begin: i32, end: i32, stamp: i32): bool {
  undecided = 0;
  let position: i32 = 0;
  let at: usize = begin;
  const stop: usize = end;
  for (;;) {
    const place: usize = PLACES + (position << 3);
    let transition: usize = load<u32>(place);
    if (transition == 0) return false;
    if (!matches(transition, at)) {
      transition = load<u32>(place, 4);
      while (transition != 0 && !matches(transition, at)) transition = load<u32>(transition, 16);
      if (transition == 0) return false;
      store<u32>(place, <u32>transition);
    }
    at += load<u32>(transition, 4);
    if (at > stop) return false;
    const opens: usize = load<u32>(transition, 8);
    if (opens != 0 && !openAll(opens, stamp)) return false;
    position = load<i32>(transition, 12);
    if (position < 0) return at == stop;
    // Twice the same key: the last one counts, and everything of the first one has to go.
    if (!mark(position, stamp)) return false;
    at = readValue(at, stop, position);
    if (at == 0 || at >= stop) return false;
  }
  return false;
}

function mark(position: i32, stamp: i32): bool {
  const address: usize = STAMPS + (position << 2);
  if (load<i32>(address) == stamp) return false;
  store<i32>(address, stamp);
  return true;
}

function openAll(list: usize, stamp: i32): bool {
  const count: i32 = load<i32>(list);
  for (let i: i32 = 1; i <= count; i++) {
    const position: i32 = load<i32>(list + (<usize>i << 2));
    if (!mark(position, stamp)) return false;
    setKind(position, OTHER);
  }
  return true;
}

@inline
function setKind(position: i32, kind: u8): void {
  store<u8>(KINDS + position, kind);
}

@inline
function matches(transition: usize, start: usize): bool {
  let at = start;
  let text: usize = load<u32>(transition);
  let rest: i32 = load<i32>(transition, 4);
  for (; rest >= 8; rest -= 8, at += 8, text += 8) if (load<u64>(at) != load<u64>(text)) return false;
  const mask: u64 = (<u64>1 << (<u64>rest << 3)) - 1;
  return ((load<u64>(at) ^ load<u64>(text)) & mask) == 0;
}

/** Reads the value at an address. @returns where it ends; 0 when there is none, or one that is not read here. */
function readValue(at: usize, stop: usize, position: i32): usize {
  const first: u32 = load<u8>(at);
  if (first == QUOTE) return readString(at + 1, stop, position);
  if (first == 0x74) {
    setKind(position, TRUE);
    return load<u32>(at) == 0x65757274 ? at + 4 : 0;
  }
  if (first == 0x66) {
    setKind(position, FALSE);
    return load<u32>(at, 1) == 0x65736c61 ? at + 5 : 0;
  }
  if (first == 0x6e) {
    setKind(position, NULL);
    return load<u32>(at) == 0x6c6c756e ? at + 4 : 0;
  }
  return readNumber(at, position);
}

/** Reads a string from behind its opening quote. */
function readString(begin: usize, stop: usize, position: i32): usize {
  let at = begin;
  let kind = STRING;
  while (at < stop) {
    const word = load<u64>(at);
    const quotes = word ^ 0x2222222222222222;
    const escapes = word ^ 0x5c5c5c5c5c5c5c5c;
    // The first byte that is a quote, a backslash or below 0x20 (Mycroft 1987).
    const special =
      (((quotes - 0x0101010101010101) & ~quotes) |
        ((escapes - 0x0101010101010101) & ~escapes) |
        ((word - 0x2020202020202020) & ~word)) &
      0x8080808080808080;
    if (special == 0) {
      at += 8;
      continue;
    }
    at += <usize>(ctz(special) >> 3);
    if (at >= stop) return 0;
    const byte: u32 = load<u8>(at);
    if (byte == QUOTE) {
      setKind(position, kind);
      const length: u64 = at - begin;
      const head = load<u64>(begin);
      store<u64>(HEADS + (position << 3), length >= 8 ? head : head & (((<u64>1) << (length << 3)) - 1));
      store<u32>(BEGINS + (position << 2), <u32>begin);
      store<u32>(ENDS + (position << 2), <u32>at);
      return at + 1;
    }
    if (byte != BACKSLASH) return 0;
    const length = escapeLength(at + 1);
    if (length == 0) return 0;
    kind = ESCAPED;
    at += 1 + length;
  }
  return 0;
}

/** Bytes behind a backslash that belong to it; 0 when JSON knows no such escape. */
function escapeLength(at: usize): usize {
  const byte: u32 = load<u8>(at);
  // " \ / b f n r t
  if (
    byte == QUOTE || byte == BACKSLASH || byte == 0x2f || byte == 0x62 ||
    byte == 0x66 || byte == 0x6e || byte == 0x72 || byte == 0x74
  ) {
    return 1;
  }
  if (byte != 0x75) return 0;
  for (let i: usize = 1; i <= 4; i++) {
    const digit: u32 = load<u8>(at + i);
    const letter = digit | 0x20;
    if (!((digit >= 0x30 && digit <= 0x39) || (letter >= 0x61 && letter <= 0x66))) return 0;
  }
  return 5;
}

/** Reads a number as JSON.parse does. */
function readNumber(begin: usize, position: i32): usize {
  let at = begin;
  let byte: u32 = load<u8>(at);
  const negative = byte == 0x2d;
  if (negative) byte = load<u8>(++at);
  if (byte - ZERO > 9) return 0;
  // The first nineteen digits that count are a whole number that fits.
  let digits: u64 = 0;
  let count: usize = 0;
  if (byte == ZERO) {
    byte = load<u8>(++at);
    if (byte - ZERO <= 9) return 0;
  } else {
    const first = at;
    do {
      digits = digits * 10 + (byte - ZERO);
      byte = load<u8>(++at);
    } while (byte - ZERO <= 9);
    count = at - first;
  }
  let power: i32 = 0;
  if (byte == 0x2e) {
    const fraction = ++at;
    if (count == 0) while (load<u8>(at) == ZERO) at++;
    const first = at;
    let word = load<u64>(at);
    let others = notDigits(word);
    while (others == 0) {
      digits = digits * 100000000 + eightDigits(word);
      at += 8;
      word = load<u64>(at);
      others = notDigits(word);
    }
    const more = ctz(others) >> 3;
    if (more > 0) {
      // Leading zeros take the place of the bytes behind the digits.
      const padded = (word << (64 - (more << 3))) | (0x3030303030303030 >> (more << 3));
      digits = digits * load<u64>(WHOLE_POWERS + (<usize>more << 3)) + eightDigits(padded);
      at += <usize>more;
    }
    if (at == fraction) return 0;
    count += at - first;
    power = <i32>(fraction - at);
    byte = load<u8>(at);
  }
  if ((byte | 0x20) == 0x65) {
    byte = load<u8>(++at);
    const isNegative = byte == 0x2d;
    if (isNegative || byte == 0x2b) byte = load<u8>(++at);
    if (byte - ZERO > 9) return 0;
    let given: i32 = 0;
    do {
      // Far beyond any double already; it must only not overflow itself.
      if (given < 100000) given = given * 10 + <i32>(byte - ZERO);
      byte = load<u8>(++at);
    } while (byte - ZERO <= 9);
    power += isNegative ? -given : given;
  }
  setKind(position, NUMBER);
  const size = count > 19 ? NaN : magnitude(digits, power);
  if (size == size) {
    store<f64>(NUMBERS + (position << 3), negative ? -size : size);
    return at;
  }
  if (undecided == MAX_UNDECIDED) return 0;
  store<i32>(UNDECIDED + (undecided << 2), position);
  undecided += 1;
  store<u32>(BEGINS + (position << 2), <u32>begin);
  store<u32>(ENDS + (position << 2), <u32>at);
  return at;
}

/** Has the highest bit of each byte that is no digit, and perhaps of bytes behind one. */
@inline
function notDigits(word: u64): u64 {
  const values = word ^ 0x3030303030303030;
  return ((values + 0x7676767676767676) | values) & 0x8080808080808080;
}

@inline
function eightDigits(word: u64): u64 {
  const values = word ^ 0x3030303030303030;
  const pairs = values * 10 + (values >> 8);
  return (
    ((pairs & 0x000000ff000000ff) * 0x000f424000000064 +
      ((pairs >> 16) & 0x000000ff000000ff) * 0x0000271000000001) >>
    32
  );
}

/** digits * 10^power, correctly rounded; NaN where this arithmetic cannot tell. */
function magnitude(digits: u64, power: i32): f64 {
  // Signed integers are what processors convert at once.
  if (<i64>digits < 0) return NaN;
  const sum = <f64>(<i64>digits);
  if (power == 0) return sum;
  if (power < -MAX_POWER || power > MAX_POWER) return NaN;
  if (digits <= 9007199254740992) {
    // Both operands are exact, so the one rounding is that of the result (Clinger 1990).
    return power < 0 ? sum / load<f64>(POWERS + (<usize>-power << 3)) : sum * load<f64>(POWERS + (<usize>power << 3));
  }
  if (power > 0) return NaN;
  const rest = <f64>(<i64>digits - <i64>sum);
  const divisor = load<f64>(POWERS + (<usize>-power << 3));
  const inverse = load<f64>(INVERSE_POWERS + (<usize>-power << 3));
  const first = sum * inverse;
  // product + error is exactly first * divisor (Dekker 1971).
  const product = first * divisor;
  const firstHigh = upperHalf(first);
  const firstLow = first - firstHigh;
  const divisorHigh = upperHalf(divisor);
  const divisorLow = divisor - divisorHigh;
  const error =
    firstHigh * divisorHigh - product + firstHigh * divisorLow + firstLow * divisorHigh + firstLow * divisorLow;
  const correction = (sum - product - error + rest) * inverse;
  const value = first + correction;
  // Far more than the correction can be wrong by.
  const doubt = correction * 9.094947017729282e-13;
  return first + (correction - doubt) == value && first + (correction + doubt) == value ? value : NaN;
}

@inline
function upperHalf(x: f64): f64 {
  const scaled = SPLITTER * x;
  return scaled - (scaled - x);
}
