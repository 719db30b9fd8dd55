/**
 * The inner loop of `src/profile/derived/reconstruction.ts`, in AssemblyScript with two doubles at a time. `npm run
 * generate` compiles it into `src/profile/derived/reconstruct-module.ts`.
 */

/** Standardized values are cut here, so that their squares stay within a double. */
const FARTHEST: f64 = 1e100;

/**
 * Looks at a point among some directions. It is standardized in place first: (value - mean) / deviation, 0 for NaN.
 *
 * @param point `width` doubles, an even number; behind it as many means and deviations, then `count` axes of `width` doubles
 *   each, then room for three doubles.
 * @returns the address of those: how many values were NaN; the squared length of the point; that of its part along the axes.
 */
export function look(point: usize, width: i32, count: i32): usize {
  const bytes: usize = (<usize>width) << 3;
  const far = f64x2.splat(FARTHEST);
  let length = f64x2.splat(0);
  let present: i32 = 0;
  for (let offset: usize = 0; offset < bytes; offset += 16) {
    const at = point + offset;
    const value = v128.load(at);
    const isNumber = f64x2.eq(value, value);
    const distance = f64x2.div(f64x2.sub(value, v128.load(at + bytes)), v128.load(at + 2 * bytes));
    const cut = f64x2.max(f64x2.neg(far), f64x2.min(far, distance));
    const known = v128.and(cut, isNumber);
    v128.store(at, known);
    length = f64x2.add(length, f64x2.mul(known, known));
    present += popcnt(i64x2.bitmask(isNumber));
  }
  let along: f64 = 0;
  let axis = point + 3 * bytes;
  for (let k: i32 = 0; k < count; k++) {
    let sum = f64x2.splat(0);
    for (let offset: usize = 0; offset < bytes; offset += 16, axis += 16)
      sum = f64x2.add(sum, f64x2.mul(v128.load(axis), v128.load(point + offset)));
    const coordinate = f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
    along += coordinate * coordinate;
  }
  store<f64>(axis, <f64>(width - present));
  store<f64>(axis, f64x2.extract_lane(length, 0) + f64x2.extract_lane(length, 1), 8);
  store<f64>(axis, along, 16);
  return axis;
}
