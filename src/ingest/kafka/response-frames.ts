const SIZE_BYTES = 4;
/** Shorter responses get a buffer of their own. */
const POOLED_FROM = 256 * 1024;

interface FrameMemory {
  /** Which response lies in it now. */
  generation: number;
}

/** Memories that are used for one large response after the other. */
const memories = new WeakMap<ArrayBufferLike, FrameMemory>();

/**
 * Tells whether bytes of a response are still there.
 *
 * @returns a function that is false once another response lies in the same memory.
 */
export function presenceOf(bytes: Buffer): () => boolean {
  const memory = memories.get(bytes.buffer);
  if (memory === undefined) return () => true;
  const { generation } = memory;
  return () => memory.generation === generation;
}

/**
 * Puts the responses of one connection together, each a size and so many bytes. A large one, which is a fetch, takes the place
 * of the last but one: kafkajs asks for more when it is done with what it has, and `fetchAhead` for one more than that. New memory for each would be
 * gigabytes a minute, and the collector of garbage would go through everything each time some of it has piled up.
 */
export class ResponseFrames {
  readonly #emit: (frame: Buffer) => void;
  readonly #size = Buffer.alloc(SIZE_BYTES);
  /** Two, taken in turns: a response is read while the one before is counted. */
  readonly #pools: Array<Buffer | undefined> = [undefined, undefined];
  #turn = 0;
  #frame: Buffer | undefined;
  #filled = 0;

  constructor(emit: (frame: Buffer) => void) {
    this.#emit = emit;
  }

  /** Takes the next bytes of the connection; they may change afterwards. */
  take(bytes: Buffer): void {
    for (let at = 0; at < bytes.length; ) {
      if (this.#frame === undefined) {
        const count = Math.min(SIZE_BYTES - this.#filled, bytes.length - at);
        bytes.copy(this.#size, this.#filled, at, at + count);
        at += count;
        this.#filled += count;
        if (this.#filled < SIZE_BYTES) return;
        this.#frame = this.#memoryFor(SIZE_BYTES + Math.max(0, this.#size.readInt32BE(0)));
        this.#size.copy(this.#frame);
      }
      const frame = this.#frame;
      const count = Math.min(frame.length - this.#filled, bytes.length - at);
      frame.set(bytes.subarray(at, at + count), this.#filled);
      at += count;
      this.#filled += count;
      if (this.#filled === frame.length) {
        this.#frame = undefined;
        this.#filled = 0;
        this.#emit(frame);
      }
    }
  }

  #memoryFor(length: number): Buffer {
    if (length < POOLED_FROM) return Buffer.allocUnsafeSlow(length);
    this.#turn = 1 - this.#turn;
    let pool = this.#pools[this.#turn];
    if (pool === undefined || pool.length < length) {
      pool = Buffer.allocUnsafeSlow(Math.ceil(length * 1.25));
      this.#pools[this.#turn] = pool;
      memories.set(pool.buffer, { generation: 0 });
    }
    const memory = memories.get(pool.buffer) as FrameMemory;
    memory.generation += 1;
    return pool.subarray(0, length);
  }
}
