/** Bytes that lie among others, which do not change. */
export class PackedBytes {
  bytes: Buffer = Buffer.alloc(0);
  begin = 0;
  end = 0;

  get length(): number {
    return this.end - this.begin;
  }

  /** The same memory, seen as a buffer of its own. */
  toBuffer(): Buffer {
    return this.bytes.subarray(this.begin, this.end);
  }
}
