/** So many bits can be cut out of four bytes, wherever in the first one they begin. */
const MAX_QUICK_WIDTH = 25;

/**
 * Small whole numbers as Parquet packs levels and dictionary positions: runs of one value, and runs of values of `width` bits
 * each ("RLE/bit-packing hybrid" of the format's specification). Read piece by piece, so that a page may be any size.
 */
export class Runs {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #width: number;
  readonly #end: number;
  /** Where the next run begins. */
  #next: number;
  /** Values that are left of the current run. */
  #left = 0;
  /** What they all are; undefined in a packed run, whose next value begins at `#bit` bits behind `#start`. */
  #value: number | undefined;
  #start = 0;
  #bit = 0;

  constructor(bytes: Uint8Array, start: number, end: number, width: number) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#width = width;
    this.#next = start;
    this.#end = end;
  }

  /** The next `count` values, from the start of `target` on. */
  read(target: Int32Array, count: number): void {
    for (let at = 0; at < count; ) {
      if (this.#left === 0) this.#nextRun();
      const some = Math.min(this.#left, count - at);
      if (this.#value === undefined) this.#unpack(target, at, at + some);
      else target.fill(this.#value, at, at + some);
      this.#left -= some;
      at += some;
    }
  }

  /** Passes over `count` values if one run says that all of them are `value`; else does nothing. */
  skipRun(value: number, count: number): boolean {
    if (this.#left === 0) this.#nextRun();
    if (this.#value !== value || this.#left < count) return false;
    this.#left -= count;
    return true;
  }

  #nextRun(): void {
    // Nothing is written where there is nothing to tell.
    if (this.#width === 0) {
      this.#value = 0;
      this.#left = Number.MAX_SAFE_INTEGER;
      return;
    }
    const header = this.#varint();
    if ((header & 1) === 1) {
      const groups = header >>> 1;
      this.#value = undefined;
      this.#left = groups * 8;
      this.#start = this.#next;
      this.#bit = 0;
      this.#next += groups * this.#width;
    } else {
      this.#left = header >>> 1;
      let value = 0;
      for (let shift = 0; shift < this.#width; shift += 8) value |= this.#byte(this.#next++) << shift;
      this.#value = value;
    }
    if (this.#left === 0) this.#nextRun();
  }

  #varint(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      if (this.#next >= this.#end) break;
      const byte = this.#byte(this.#next++);
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
    throw new Error('a page ends before its values do');
  }

  #unpack(target: Int32Array, from: number, to: number): void {
    const width = this.#width;
    let bit = this.#bit;
    let at = from;
    if (width <= MAX_QUICK_WIDTH) {
      const view = this.#view;
      const start = this.#start;
      const mask = 2 ** width - 1;
      const lastWord = view.byteLength - 4;
      for (; at < to; at += 1, bit += width) {
        const place = start + (bit >>> 3);
        if (place > lastWord) break;
        target[at] = (view.getUint32(place, true) >>> (bit & 7)) & mask;
      }
    }
    for (; at < to; at += 1, bit += width) target[at] = this.#slowly(bit);
    this.#bit = bit;
  }

  /** Bit by bit: near the end of a page, and for the widest values. */
  #slowly(bit: number): number {
    let value = 0;
    for (let i = 0; i < this.#width; i += 1) {
      const byte = this.#byte(this.#start + ((bit + i) >>> 3));
      value |= ((byte >>> ((bit + i) & 7)) & 1) << i;
    }
    return value;
  }

  /** Zero behind the end: the last group of a packed run may be cut off. */
  #byte(at: number): number {
    return at < this.#end ? (this.#bytes[at] as number) : 0;
  }
}
