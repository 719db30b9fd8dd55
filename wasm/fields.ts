import { textAt } from './texts';

/**
 * Reads the fields that every event has, where `scan.ts` has left them, in AssemblyScript; `npm run generate` compiles it into
 * `src/decode/scan/fields-module.ts`. It has no data of its own.
 */

const NUMBER: u32 = 1;
const STRING: u32 = 2;
const TRUE: u32 = 4;
const FALSE: u32 = 5;
const NULL: u32 = 6;

/** The position of a field that is the same for all messages, and in none. */
const GIVEN: i32 = -2;
/** What stands for a name that is not known, for no version, for one that is a number, and for what an event must not have. */
const UNKNOWN: i32 = -1;
const NONE: i32 = -2;
const A_NUMBER: i32 = -3;
const ODD: i32 = -4;
const HIGH_BITS: u64 = 0x8080808080808080;

let stamps: usize = 0;
let kinds: usize = 0;
let current: i32 = 0;

/**
 * Reads the fields of the message that was scanned with this stamp.
 *
 * @param plan words: addresses, by position, of stamps, kinds, numbers, heads, begins and ends; positions of model (GIVEN when
 *   it is not read), version (likewise), timestamp, prediction id, prediction and label, -1 for those that no message has;
 *   address of the table of known names, most bytes of a name and of an id, one free; a double, midnight of the known day in
 *   milliseconds since 1970; the known day, 11 bytes as in 2026-11-29T; from byte 88 on what is set: a word for the model, its
 *   number or UNKNOWN; one for the version, likewise, or NONE, or A_NUMBER; a double, the time in milliseconds since 1970, NaN
 *   for a text that is none of the known day.
 * @returns false when a field is not of a form that is read here; nothing is to be made of the rest then.
 */
export function read(plan: usize, stamp: i32): bool {
  stamps = load<u32>(plan);
  kinds = load<u32>(plan, 4);
  current = stamp;
  const modelPosition: i32 = load<i32>(plan, 24);
  const versionPosition: i32 = load<i32>(plan, 28);
  const timePosition: i32 = load<i32>(plan, 32);
  const model = modelPosition == GIVEN ? 0 : nameAt(plan, modelPosition);
  const version = versionPosition == GIVEN ? 0 : versionAt(plan, versionPosition);
  if (
    model == ODD ||
    version == ODD ||
    !isId(plan, load<i32>(plan, 36)) ||
    !isAnswer(plan, load<i32>(plan, 40)) ||
    !isAnswer(plan, load<i32>(plan, 44))
  ) {
    return false;
  }
  store<i32>(plan, model, 88);
  store<i32>(plan, version, 92);
  const kind = kindAt(timePosition);
  if (kind == STRING) store<f64>(plan, instant(beginOf(plan, timePosition), endOf(plan, timePosition), plan), 96);
  else if (kind == NUMBER && isFiniteAt(plan, timePosition)) store<f64>(plan, floor(numberAt(plan, timePosition)), 96);
  else return false;
  return true;
}

/** Reads the time again, of a message that has a text for it, when the day has become known. */
export function readTime(plan: usize): f64 {
  const position: i32 = load<i32>(plan, 32);
  return instant(beginOf(plan, position), endOf(plan, position), plan);
}

/** What stands at a position, as `src/event/raw-features.ts` says it; 0 for nothing. */
@inline
function kindAt(position: i32): u32 {
  if (position < 0 || load<i32>(stamps + ((<usize>position) << 2)) != current) return 0;
  return load<u8>(kinds + <usize>position);
}

@inline
function beginOf(plan: usize, position: i32): usize {
  return load<u32>(<usize>load<u32>(plan, 16) + ((<usize>position) << 2));
}

@inline
function endOf(plan: usize, position: i32): usize {
  return load<u32>(<usize>load<u32>(plan, 20) + ((<usize>position) << 2));
}

@inline
function lengthOf(plan: usize, position: i32): u32 {
  return <u32>(endOf(plan, position) - beginOf(plan, position));
}

@inline
function numberAt(plan: usize, position: i32): f64 {
  return load<f64>(<usize>load<u32>(plan, 8) + ((<usize>position) << 3));
}

function nameAt(plan: usize, position: i32): i32 {
  if (kindAt(position) != STRING) return ODD;
  const begin = beginOf(plan, position);
  const length = <u32>(endOf(plan, position) - begin);
  if (length == 0 || length > load<u32>(plan, 52)) return ODD;
  return textAt(load<u32>(plan, 48), load<u64>(<usize>load<u32>(plan, 12) + ((<usize>position) << 3)), begin, length);
}

function versionAt(plan: usize, position: i32): i32 {
  const kind = kindAt(position);
  if (kind == 0 || kind == NULL) return NONE;
  if (kind == NUMBER) return isFiniteAt(plan, position) ? A_NUMBER : ODD;
  return kind == STRING && lengthOf(plan, position) == 0 ? NONE : nameAt(plan, position);
}

function isId(plan: usize, position: i32): bool {
  const kind = kindAt(position);
  if (kind == STRING) {
    const length = lengthOf(plan, position);
    return length > 0 && length <= load<u32>(plan, 56);
  }
  return kind == 0 || kind == NULL || (kind == NUMBER && isFiniteAt(plan, position));
}

function isAnswer(plan: usize, position: i32): bool {
  const kind = kindAt(position);
  if (kind == STRING) return lengthOf(plan, position) <= load<u32>(plan, 52);
  return (
    kind == 0 || kind == NULL || kind == TRUE || kind == FALSE || (kind == NUMBER && isFiniteAt(plan, position))
  );
}

@inline
function isFiniteAt(plan: usize, position: i32): bool {
  const value = numberAt(plan, position);
  return value - value == 0;
}

/** Reads 2026-11-29T08:00:00.123Z, or with a zone such as +02:00, of the known day; NaN for anything else. */
function instant(begin: usize, end: usize, plan: usize): f64 {
  if (end - begin < 20) return NaN;
  if (load<u64>(begin) != load<u64>(plan, 72) || load<u32>(begin, 7) != load<u32>(plan, 79)) return NaN;
  // Each byte less what stands there in 00:00:00.
  const clock = load<u64>(begin, 11) ^ 0x30303a30303a3030;
  if ((((clock + 0x7676767676767676) | clock) & HIGH_BITS) != 0 || (clock & 0x0000ff0000ff0000) != 0) return NaN;
  const pairs = clock * 10 + (clock >> 8);
  const hours = <i32>(pairs & 0xff);
  const minutes = <i32>((pairs >> 24) & 0xff);
  const seconds = <i32>((pairs >> 48) & 0xff);
  if (hours > 23 || minutes > 59 || seconds > 59) return NaN;
  let at = begin + 19;
  let millis: i32 = 0;
  if (load<u8>(at) == 0x2e) {
    const first = ++at;
    for (let scale: i32 = 100; at < end; at++) {
      const digit: u32 = <u32>load<u8>(at) - 0x30;
      if (digit > 9) break;
      // Finer digits than milliseconds are cut off.
      millis += <i32>digit * scale;
      scale /= 10;
    }
    if (at == first || at > first + 9) return NaN;
  }
  const zone = zoneAt(at, end);
  return load<f64>(plan, 64) + <f64>(((hours * 60 + minutes) * 60 + seconds) * 1000 + millis) - zone;
}

/** Milliseconds that a zone is ahead of UTC: Z or +02:00; NaN for anything else. */
function zoneAt(at: usize, end: usize): f64 {
  const sign: u32 = load<u8>(at);
  if (sign == 0x5a) return at + 1 == end ? 0 : NaN;
  if (at + 6 != end || load<u8>(at, 3) != 0x3a || (sign != 0x2b && sign != 0x2d)) return NaN;
  const hours = pairAt(at + 1);
  const minutes = pairAt(at + 4);
  if (hours > 23 || minutes > 59) return NaN;
  const offset = <f64>((hours * 60 + minutes) * 60000);
  return sign == 0x2d ? -offset : offset;
}

/** A number of two digits; a greater one when they are none. */
function pairAt(at: usize): i32 {
  const tens: u32 = <u32>load<u8>(at) - 0x30;
  const ones: u32 = <u32>load<u8>(at, 1) - 0x30;
  return tens > 9 || ones > 9 ? 100 : <i32>(tens * 10 + ones);
}
