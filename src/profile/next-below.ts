const bits = new DataView(new ArrayBuffer(8));

/** The largest finite double below x; x itself where there is none. */
export function nextBelow(x: number): number {
  if (x === -Number.MAX_VALUE) return x;
  if (x === 0) return -Number.MIN_VALUE;
  bits.setFloat64(0, x);
  bits.setBigInt64(0, bits.getBigInt64(0) + (x > 0 ? -1n : 1n));
  return bits.getFloat64(0);
}
