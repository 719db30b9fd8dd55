import { textAt } from './texts';

/**
 * The inner loops of `src/profile`, in AssemblyScript: they take what `scan.ts` has read into columns, and count columns.
 * `npm run generate` compiles it into `src/profile/columns-module.ts`. It has no data of its own.
 */

const NUMBER: u32 = 1;
const STRING: u32 = 2;
const TRUE: u32 = 4;
const FALSE: u32 = 5;
const NULL: u32 = 6;
/** The bytes of `true` and of `false`. */
const TRUE_HEAD: u64 = 0x65757274;
const FALSE_HEAD: u64 = 0x65736c6166;

/** Bytes of a column of numbers, and of one of texts: not a power of two, since the processor's cache keeps few lines that are apart by one. */
export const NUMBER_COLUMN: i32 = 8 * 264;
export const TEXT_COLUMN: i32 = 4 * 272;

/** A column whose numbers do not come from the message. */
const NOT_HERE: i32 = -2;
/** What `take` tells of a feature. */
const MISSING_NUMBER: i32 = 0;
const INVALID_NUMBER: i32 = 1;
const UNKNOWN_TEXT: i32 = 2;

/** Of the 16 bits that say how many edges lie below a bucket: all bits but the highest, which is set when there are two or more in it. */
const CELL: i32 = 0x7fff;
/** From this many edges in one bucket on, halving beats walking. */
const WALK_LIMIT: i32 = 8;
/** 2^52: added to a number below it, it leaves the nearest whole number in the lower bits. */
const WHOLE: f64 = 4503599627370496.0;

/**
 * Takes the event at hand into columns: of each numeric feature a number into the row, NaN where it has none; of each
 * categorical one the number of its text behind those that wait there.
 *
 * @param plan words: addresses, by position, of stamps, kinds, numbers, heads, begins and ends; how many numeric features,
 *   addresses of their positions (-1 for none, -2 for those that are not from the message) and of their first column; how many
 *   categorical features, addresses of their positions, of the addresses of their tables, of their first column, of how many
 *   wait in each, and of a word for each that is set to the number of its text, -1 for none; address of room
 *   for a word for each feature.
 * @param row of the columns of numbers, from 0.
 * @param stamp that the event was scanned with.
 * @returns for how many there is something left to do. That room then has a word for each: four times the feature, plus what
 *   it is: no number is there, or something else; or a text that is not known, perhaps none at all.
 */
export function take(plan: usize, row: i32, stamp: i32): i32 {
  const stamps: usize = load<u32>(plan);
  const kinds: usize = load<u32>(plan, 4);
  const room: usize = load<u32>(plan, 60);
  const next = takeNumbers(plan, stamps, kinds, row, stamp, room);
  return <i32>((takeTexts(plan, stamps, kinds, stamp, next) - room) >> 2);
}

@inline
function takeNumbers(plan: usize, stamps: usize, kinds: usize, row: i32, stamp: i32, room: usize): usize {
  const numbers: usize = load<u32>(plan, 8);
  const count: i32 = load<i32>(plan, 24);
  const positions: usize = load<u32>(plan, 28);
  let into: usize = <usize>load<u32>(plan, 32) + ((<usize>row) << 3);
  let next = room;
  for (let i: i32 = 0; i < count; i++, into += NUMBER_COLUMN) {
    const position: i32 = load<i32>(positions + ((<usize>i) << 2));
    let what: i32 = MISSING_NUMBER;
    if (position >= 0 && load<i32>(stamps + ((<usize>position) << 2)) == stamp) {
      const kind: u32 = load<u8>(kinds + <usize>position);
      if (kind == NUMBER) {
        const value: f64 = load<f64>(numbers + ((<usize>position) << 3));
        // Neither infinity is equal to itself less itself.
        if (value - value == 0) {
          store<f64>(into, value);
          continue;
        }
      }
      if (kind != NULL) what = INVALID_NUMBER;
    }
    if (position == NOT_HERE) continue;
    store<f64>(into, NaN);
    store<i32>(next, 4 * i + what);
    next += 4;
  }
  return next;
}

@inline
function takeTexts(plan: usize, stamps: usize, kinds: usize, stamp: i32, room: usize): usize {
  const heads: usize = load<u32>(plan, 12);
  const begins: usize = load<u32>(plan, 16);
  const ends: usize = load<u32>(plan, 20);
  const count: i32 = load<i32>(plan, 36);
  const positions: usize = load<u32>(plan, 40);
  const tables: usize = load<u32>(plan, 44);
  let column: usize = load<u32>(plan, 48);
  const waiting: usize = load<u32>(plan, 52);
  const found: usize = load<u32>(plan, 56);
  let next = room;
  for (let i: i32 = 0; i < count; i++, column += TEXT_COLUMN) {
    const word: usize = (<usize>i) << 2;
    const position: i32 = load<i32>(positions + word);
    let number: i32 = -1;
    if (position >= 0 && load<i32>(stamps + ((<usize>position) << 2)) == stamp) {
      const kind: u32 = load<u8>(kinds + <usize>position);
      const table: usize = load<u32>(tables + word);
      if (kind == STRING) {
        const begin: usize = load<u32>(begins + ((<usize>position) << 2));
        const length: u32 = load<u32>(ends + ((<usize>position) << 2)) - <u32>begin;
        number = textAt(table, load<u64>(heads + ((<usize>position) << 3)), begin, length);
      } else if (kind == TRUE) number = textAt(table, TRUE_HEAD, 0, 4);
      else if (kind == FALSE) number = textAt(table, FALSE_HEAD, 0, 5);
    }
    store<i32>(found + word, number);
    if (number < 0) {
      store<i32>(next, 4 * i + UNKNOWN_TEXT);
      next += 4;
      continue;
    }
    const wait: u32 = load<u32>(waiting + word);
    store<i32>(column + ((<usize>wait) << 2), number);
    store<u32>(waiting + word, wait + 1);
  }
  return next;
}

/**
 * Counts the numbers of a column, which are finite or NaN for none.
 *
 * @param table doubles: first and last edge, buckets per unit, centre; words: addresses of the edges and of the numbers of
 *   edges below each bucket, 16 bits each (see CELL), number of edges, one free; doubles: sum and sum of squares of the distances from the centre,
 *   least, greatest, sums of the distances below the first edge and above the last. These six are gone on from.
 * @param found gets the cell of each number, a word each, one behind the other.
 * @returns how many there are.
 */
export function count(table: usize, values: usize, size: i32, found: usize): i32 {
  const first: f64 = load<f64>(table);
  const last: f64 = load<f64>(table, 8);
  const scale: f64 = load<f64>(table, 16);
  const center: f64 = load<f64>(table, 24);
  const edges: usize = load<u32>(table, 32);
  const starts: usize = load<u32>(table, 36);
  const outermost: i32 = load<i32>(table, 40);
  let sum: f64 = load<f64>(table, 48);
  let squares: f64 = load<f64>(table, 56);
  let least: f64 = load<f64>(table, 64);
  let greatest: f64 = load<f64>(table, 72);
  let below: f64 = load<f64>(table, 80);
  let above: f64 = load<f64>(table, 88);
  const end = values + ((<usize>size) << 3);
  let next = found;
  for (let at = values; at < end; at += 8) {
    const x: f64 = load<f64>(at);
    if (x != x) continue;
    let cell: i32 = 0;
    if (x <= first) below += first - x;
    else if (x > last) {
      above += x - last;
      cell = outermost;
    } else {
      const bucket: usize = starts + ((<usize>(<u32>reinterpret<u64>((x - first) * scale + WHOLE))) << 1);
      const start: i32 = load<i16>(bucket);
      cell = start & CELL;
      // As good as random where there is one edge, so no branch.
      cell += <i32>(load<f64>(edges + ((<usize>cell) << 3)) < x);
      if (start < 0) cell = search(edges, x, cell, load<i16>(bucket, 2) & CELL);
    }
    store<i32>(next, cell);
    next += 4;
    const centred = x - center;
    sum += centred;
    squares += centred * centred;
    if (x < least) least = x;
    if (x > greatest) greatest = x;
  }
  store<f64>(table, sum, 48);
  store<f64>(table, squares, 56);
  store<f64>(table, least, 64);
  store<f64>(table, greatest, 72);
  store<f64>(table, below, 80);
  store<f64>(table, above, 88);
  return <i32>((next - found) >> 2);
}

/** The number of edges below x, which is between from and to. */
@inline
function search(edges: usize, x: f64, from: i32, to: i32): i32 {
  let low = from;
  let high = to;
  while (high - low > WALK_LIMIT) {
    const middle = (low + high) >>> 1;
    if (load<f64>(edges + ((<usize>middle) << 3)) < x) low = middle + 1;
    else high = middle;
  }
  while (low < high && load<f64>(edges + ((<usize>low) << 3)) < x) low++;
  return low;
}
