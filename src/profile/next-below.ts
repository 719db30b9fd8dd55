const bits = new DataView(new ArrayBuffer(8));

/** The largest finite double below x; x itself where there is none. */
export function nextBelow(x: number): number {
  if (x === -Number.MAX_VALUE) return x;
  if (x === 0) return -Number.MIN_VALUE;
  bits.setFloat64(0, x);
  // The bits of a double count up with its size. In halves, since a BigInt for each call would be ten times slower.
  const high = bits.getUint32(0);
  const low = bits.getUint32(4);
  if (x > 0) {
    if (low === 0) bits.setUint32(0, high - 1);
    bits.setUint32(4, low - 1);
  } else {
    if (low === 0xffff_ffff) bits.setUint32(0, high + 1);
    bits.setUint32(4, low + 1);
  }
  return bits.getFloat64(0);
}
