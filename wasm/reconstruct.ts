/**
 * The inner loop of `src/profile/derived/reconstruction.ts`, in AssemblyScript with two doubles at a time. `npm run
 * generate` compiles it into `src/profile/derived/reconstruct-module.ts`.
 */

/** Standardized values are cut here, so that their squares stay within a double. */
const FARTHEST: f64 = 1e100;

let absent: i32 = 0;

/** Values that were NaN in the last point. */
export function absentCount(): i32 {
  return absent;
}

/**
 * Standardizes a point in place: (value - mean) / deviation, 0 for NaN. All three arrays have `width` doubles, an even
 * number.
 *
 * @returns the squared length of what results.
 */
export function standardize(point: usize, means: usize, deviations: usize, width: i32): f64 {
  const far = f64x2.splat(FARTHEST);
  let length = f64x2.splat(0);
  let present: i32 = 0;
  for (let i: i32 = 0; i < width; i += 2) {
    const offset: usize = (<usize>i) << 3;
    const value = v128.load(point + offset);
    const isNumber = f64x2.eq(value, value);
    const distance = f64x2.div(f64x2.sub(value, v128.load(means + offset)), v128.load(deviations + offset));
    const cut = f64x2.max(f64x2.neg(far), f64x2.min(far, distance));
    const known = v128.and(cut, isNumber);
    v128.store(point + offset, known);
    length = f64x2.add(length, f64x2.mul(known, known));
    present += popcnt(i64x2.bitmask(isNumber));
  }
  absent = width - present;
  return f64x2.extract_lane(length, 0) + f64x2.extract_lane(length, 1);
}

/** Sum of the squared coordinates of a point on `count` axes that lie behind one another, each of `width` doubles, an even number. */
export function squaredLengthAlong(axes: usize, count: i32, point: usize, width: i32): f64 {
  let along: f64 = 0;
  let axis = axes;
  for (let k: i32 = 0; k < count; k++) {
    let sum = f64x2.splat(0);
    for (let i: i32 = 0; i < width; i += 2, axis += 16) {
      sum = f64x2.add(sum, f64x2.mul(v128.load(axis), v128.load(point + ((<usize>i) << 3))));
    }
    const coordinate = f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
    along += coordinate * coordinate;
  }
  return along;
}
