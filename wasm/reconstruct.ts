/**
 * The inner loop of `src/profile/derived/reconstruction.ts`, in AssemblyScript: two rows at a time, a double of each in one
 * vector. `npm run generate` compiles it into `src/profile/derived/reconstruct-module.ts`.
 */

/** Standardized values are cut here, so that their squares stay within a double. */
const FARTHEST: f64 = 1e100;
/** An error below this share of the squared length is what rounding leaves of none. */
const ROUNDING: f64 = 1e-12;

/**
 * Writes, for some rows of a table of columns, how far they lie from some directions or along them. Each value is
 * standardized, (value - mean) / deviation; one that is NaN stands for the mean, and where that is more than half of a row,
 * NaN comes out. A row comes out the same, to the last bit, with whichever others it is asked for.
 *
 * @param plan words: how many columns; how many directions, by fours, zeros for those that are none; 1 when the directions
 *   are those that are lost, 0 when they are kept; addresses of mean and 1 / deviation of each column, of four directions
 *   after four (of each column a double of each), of the addresses of the columns, of room for two doubles a column, of the
 *   column that is written.
 * @param from first row; also the row beside it in its pair is written, so that columns need an even number of rows.
 */
export function reconstruct(plan: usize, from: i32, to: i32): void {
  const width: i32 = load<i32>(plan);
  const fours: i32 = load<i32>(plan, 4);
  const isLost: bool = load<i32>(plan, 8) != 0;
  const scales: usize = load<u32>(plan, 12);
  const directions: usize = load<u32>(plan, 16);
  const columns: usize = load<u32>(plan, 20);
  const point: usize = load<u32>(plan, 24);
  const result: usize = load<u32>(plan, 28);
  const far = f64x2.splat(FARTHEST);
  const near = f64x2.splat(-FARTHEST);
  for (let row: i32 = from & ~1; row < to; row += 2) {
    const offset: usize = (<usize>row) << 3;
    let length = f64x2.splat(0);
    let present = i64x2.splat(0);
    for (let i: usize = 0; i < <usize>width; i++) {
      const scale: usize = scales + (i << 4);
      const value = v128.load(<usize>load<u32>(columns + (i << 2)) + offset);
      const isNumber = f64x2.eq(value, value);
      const distance = f64x2.mul(f64x2.sub(value, v128.load64_splat(scale)), v128.load64_splat(scale, 8));
      const known = v128.and(f64x2.pmax(near, f64x2.pmin(far, distance)), isNumber);
      v128.store(point + (i << 4), known);
      length = f64x2.add(length, f64x2.mul(known, known));
      present = i64x2.sub(present, isNumber);
    }
    let along = f64x2.splat(0);
    let direction: usize = directions;
    for (let four: i32 = 0; four < fours; four++) {
      let a = f64x2.splat(0);
      let b = f64x2.splat(0);
      let c = f64x2.splat(0);
      let d = f64x2.splat(0);
      for (let i: usize = 0; i < <usize>width; i++, direction += 32) {
        const value = v128.load(point + (i << 4));
        a = f64x2.add(a, f64x2.mul(value, v128.load64_splat(direction)));
        b = f64x2.add(b, f64x2.mul(value, v128.load64_splat(direction, 8)));
        c = f64x2.add(c, f64x2.mul(value, v128.load64_splat(direction, 16)));
        d = f64x2.add(d, f64x2.mul(value, v128.load64_splat(direction, 24)));
      }
      along = f64x2.add(along, f64x2.add(f64x2.mul(a, a), f64x2.mul(b, b)));
      along = f64x2.add(along, f64x2.add(f64x2.mul(c, c), f64x2.mul(d, d)));
    }
    const square = isLost ? along : f64x2.sub(length, along);
    const isMore = f64x2.gt(square, f64x2.mul(length, f64x2.splat(ROUNDING)));
    const isTooEmpty = i64x2.lt_s(i64x2.add(present, present), i64x2.splat(width));
    // All bits set are a NaN.
    v128.store(result + offset, v128.or(v128.and(f64x2.sqrt(square), isMore), isTooEmpty));
  }
}
