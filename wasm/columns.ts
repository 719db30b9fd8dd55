/**
 * The inner loops of `src/profile`, in AssemblyScript: they take numbers from where `scan.ts` has left them into columns, and
 * count columns. `npm run generate` compiles it into `src/profile/columns-module.ts`. It has no data of its own.
 */

const NUMBER: u32 = 1;
const NULL: u32 = 6;
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
 *   edges below each bucket, number of edges, one free; doubles: sum and sum of squares of the distances from the centre,
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
      const bucket: usize = starts + ((<usize>(<u32>((x - first) * scale))) << 2);
      cell = load<i32>(bucket);
      if (load<f64>(edges + ((<usize>cell) << 3)) < x) cell = search(edges, x, cell + 1, load<i32>(bucket, 4));
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
