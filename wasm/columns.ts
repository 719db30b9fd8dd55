/**
 * The inner loops of `src/profile`, in AssemblyScript: they take numbers from where `scan.ts` has left them into columns, and
 * count columns. `npm run generate` compiles it into `src/profile/columns-module.ts`. It has no data of its own.
 */

const NUMBER: u32 = 1;
const STRING: u32 = 2;
const NULL: u32 = 6;
/** Of the 16 bits that say how many edges lie below a bucket: all bits but the highest, which is set when there are two or more in it. */
const CELL: i32 = 0x7fff;
/** From this many edges in one bucket on, halving beats walking. */
const WALK_LIMIT: i32 = 8;

/**
 * Takes the numbers of the event at hand.
 *
 * @param plan words: how many features; addresses, by position, of stamps, kinds and numbers; addresses, by feature, of its
 *   position (-1 for none), of how many numbers wait in its column, of the first byte of its column; and of room for a word
 *   for each feature.
 * @returns how many of them have no finite number. That room then has a word for each: twice the feature, plus one when there
 *   is something else.
 */
export function take(plan: usize, stamp: i32): i32 {
  const count: i32 = load<i32>(plan);
  const stamps: usize = load<u32>(plan, 4);
  const kinds: usize = load<u32>(plan, 8);
  const numbers: usize = load<u32>(plan, 12);
  const positions: usize = load<u32>(plan, 16);
  const waiting: usize = load<u32>(plan, 20);
  const columns: usize = load<u32>(plan, 24);
  const without: usize = load<u32>(plan, 28);
  let others: i32 = 0;
  for (let i: i32 = 0; i < count; i++) {
    const word: usize = (<usize>i) << 2;
    const position: i32 = load<i32>(positions + word);
    if (position >= 0 && load<i32>(stamps + ((<usize>position) << 2)) == stamp) {
      const kind: u32 = load<u8>(kinds + <usize>position);
      if (kind == NUMBER) {
        const value: f64 = load<f64>(numbers + ((<usize>position) << 3));
        if (value - value == 0) {
          const at: u32 = load<u32>(waiting + word);
          store<f64>(<usize>load<u32>(columns + word) + ((<usize>at) << 3), value);
          store<u32>(waiting + word, at + 1);
          continue;
        }
      }
      if (kind != NULL) {
        store<i32>(without + ((<usize>others) << 2), 2 * i + 1);
        others += 1;
        continue;
      }
    }
    store<i32>(without + ((<usize>others) << 2), 2 * i);
    others += 1;
  }
  return others;
}

/**
 * Looks the strings of the event at hand up among texts that are known.
 *
 * @param plan words: how many features; addresses, by position, of stamps, kinds, heads, begins and ends; addresses, by
 *   feature, of its position (-1 for none), of its table, and of room for a word.
 *   A table is, in words: how many slots less one, a power of two less one; then the slots, four words each: number of the text
 *   plus one (0 for an empty slot), address of its bytes, their length, one free; and in the same order the heads, two words
 *   each: the first eight bytes, zeros behind shorter texts.
 *
 * That room then has the number of the text; -1 where there is none without escapes, or one that is not known.
 */
export function find(plan: usize, stamp: i32): void {
  const count: i32 = load<i32>(plan);
  const stamps: usize = load<u32>(plan, 4);
  const kinds: usize = load<u32>(plan, 8);
  const heads: usize = load<u32>(plan, 12);
  const begins: usize = load<u32>(plan, 16);
  const ends: usize = load<u32>(plan, 20);
  const positions: usize = load<u32>(plan, 24);
  const tables: usize = load<u32>(plan, 28);
  const found: usize = load<u32>(plan, 32);
  for (let i: i32 = 0; i < count; i++) {
    const word: usize = (<usize>i) << 2;
    const position: i32 = load<i32>(positions + word);
    let number: i32 = -1;
    if (
      position >= 0 &&
      load<i32>(stamps + ((<usize>position) << 2)) == stamp &&
      load<u8>(kinds + <usize>position) == STRING
    ) {
      const begin: usize = load<u32>(begins + ((<usize>position) << 2));
      const length: u32 = load<u32>(ends + ((<usize>position) << 2)) - <u32>begin;
      number = textAt(load<u32>(tables + word), load<u64>(heads + ((<usize>position) << 3)), begin, length);
    }
    store<i32>(found + word, number);
  }
}

function textAt(table: usize, head: u64, begin: usize, length: u32): i32 {
  const mask: u32 = load<u32>(table);
  const slots: usize = table + 16;
  const heads: usize = slots + ((<usize>mask + 1) << 4);
  for (let i = hash(<u32>head, <u32>(head >> 32), length) & mask; ; i = (i + 1) & mask) {
    const slot: usize = slots + ((<usize>i) << 4);
    const number: i32 = load<i32>(slot);
    if (number == 0) return -1;
    if (
      load<u64>(heads + ((<usize>i) << 3)) == head &&
      load<u32>(slot, 8) == length &&
      (length <= 8 || sameBehindHead(load<u32>(slot, 4), begin, length))
    ) {
      return number - 1;
    }
  }
  return -1;
}

function sameBehindHead(known: usize, begin: usize, length: u32): bool {
  for (let i: usize = 8; i < <usize>length; i++) if (load<u8>(known + i) != load<u8>(begin + i)) return false;
  return true;
}

/** Where a text stands in a table. `src/event/known-texts.ts` has the same. */
@inline
function hash(low: u32, high: u32, length: u32): u32 {
  const mixed: u32 = (low ^ (high * 0x9e3779b1) ^ length) * 0x85ebca6b;
  return mixed ^ (mixed >> 15);
}

/**
 * Writes the finite numbers at some positions one behind the other, NaN where there is none.
 *
 * @param plan words: how many; addresses, by position, of stamps, kinds and numbers; address of the positions.
 */
export function gather(plan: usize, into: usize, stamp: i32): void {
  const count: i32 = load<i32>(plan);
  const stamps: usize = load<u32>(plan, 4);
  const kinds: usize = load<u32>(plan, 8);
  const numbers: usize = load<u32>(plan, 12);
  const positions: usize = load<u32>(plan, 16);
  for (let i: i32 = 0; i < count; i++) {
    const position: i32 = load<i32>(positions + ((<usize>i) << 2));
    let value: f64 = NaN;
    if (
      position >= 0 &&
      load<i32>(stamps + ((<usize>position) << 2)) == stamp &&
      load<u8>(kinds + <usize>position) == NUMBER
    ) {
      value = load<f64>(numbers + ((<usize>position) << 3));
      // Neither infinity is equal to itself less itself.
      if (value - value != 0) value = NaN;
    }
    store<f64>(into + ((<usize>i) << 3), value);
  }
}

/**
 * Counts the finite numbers of a column.
 *
 * @param table doubles: first and last edge, buckets per unit, centre; words: addresses of the edges and of the numbers of
 *   edges below each bucket, 16 bits each (see CELL), number of edges, one free; doubles: sum and sum of squares of the distances from the centre,
 *   least, greatest, sums of the distances below the first edge and above the last. These six are gone on from.
 * @param found gets the cell of each number, a word each.
 */
export function count(table: usize, values: usize, size: i32, found: usize): void {
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
  for (let i: i32 = 0; i < size; i++) {
    const x: f64 = load<f64>(values + ((<usize>i) << 3));
    let cell: i32 = 0;
    if (x <= first) below += first - x;
    else if (x > last) {
      above += x - last;
      cell = outermost;
    } else {
      const bucket: usize = starts + ((<usize>(<u32>((x - first) * scale))) << 1);
      const start: i32 = load<i16>(bucket);
      cell = start & CELL;
      // As good as random where there is one edge, so no branch.
      cell += <i32>(load<f64>(edges + ((<usize>cell) << 3)) < x);
      if (start < 0) cell = search(edges, x, cell, load<i16>(bucket, 2) & CELL);
    }
    store<i32>(found + ((<usize>i) << 2), cell);
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
