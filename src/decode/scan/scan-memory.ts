import { WASM_PAGE, type WasmMemory, wasmInstance } from '../../base/web-assembly.ts';
import { SCAN_MODULE } from './scan-module.ts';

/** Bytes behind a message that may be looked at; what they are does not matter. */
const LOOKAHEAD = 64;

/** Addresses and bounds that `wasm/scan.ts` fixes. */
type Constant =
  | 'MAX_POSITIONS'
  | 'MAX_TRANSITIONS'
  | 'TEXT_ROOM'
  | 'STAMPS'
  | 'NUMBERS'
  | 'HEADS'
  | 'BEGINS'
  | 'ENDS'
  | 'KINDS'
  | 'PLACES'
  | 'TRANSITIONS'
  | 'TEXT'
  | 'UNDECIDED'
  | 'MESSAGE';

interface ScanExports {
  readonly memory: WasmMemory;
  readonly scan: (begin: number, end: number, stamp: number) => number;
  readonly undecidedCount: () => number;
}

/** The compiled scanner with a memory of its own, seen as arrays. They are others after the memory has grown. */
export class ScanMemory {
  readonly constants: Readonly<Record<Constant, number>>;
  readonly #exports: ScanExports;
  #copied: Buffer | undefined;
  /** By position, see `wasm/scan.ts`. */
  stamps = new Int32Array(0);
  kinds = new Uint8Array(0);
  numbers = new Float64Array(0);
  heads = new Int32Array(0);
  begins = new Int32Array(0);
  ends = new Int32Array(0);
  /** The whole memory. */
  bytes: Buffer = Buffer.alloc(0);
  words = new Int32Array(0);

  constructor() {
    const exports = wasmInstance(SCAN_MODULE);
    this.#exports = exports as unknown as ScanExports;
    this.constants = Object.fromEntries(
      Object.entries(exports).map(([name, value]) => [name, (value as { readonly value?: number }).value]),
    ) as Record<Constant, number>;
    this.#reserve(WASM_PAGE);
  }

  /** Copies the bytes of the next message, even if they are the same object. */
  forget(): void {
    this.#copied = undefined;
  }

  /**
   * Scans the message at begin..end of some bytes. Those of several messages are copied once, so they must not change.
   *
   * @returns whether it is laid out as known.
   */
  scan(bytes: Buffer, begin: number, end: number, stamp: number): boolean {
    const first = this.constants.MESSAGE;
    if (bytes !== this.#copied) {
      if (first + bytes.length + LOOKAHEAD > this.bytes.length) this.#reserve(bytes.length + LOOKAHEAD);
      this.bytes.set(bytes, first);
      this.#copied = bytes;
    }
    return this.#exports.scan(first + begin, first + end, stamp) !== 0 && this.#decide();
  }

  /** Reads the numbers that need more than doubles to be read. */
  #decide(): boolean {
    const count = this.#exports.undecidedCount();
    const first = this.constants.UNDECIDED >> 2;
    for (let i = first; i < first + count; i += 1) {
      const position = this.words[i] as number;
      const text = this.bytes.toString('latin1', this.begins[position], this.ends[position]);
      this.numbers[position] = Number(text);
    }
    return true;
  }

  /** Makes room for a message of so many bytes. */
  #reserve(messageBytes: number): void {
    const { memory } = this.#exports;
    const { constants } = this;
    const missing = constants.MESSAGE + messageBytes - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / WASM_PAGE));
    const { buffer } = memory;
    this.bytes = Buffer.from(buffer);
    this.words = new Int32Array(buffer);
    this.stamps = new Int32Array(buffer, constants.STAMPS, constants.MAX_POSITIONS);
    this.kinds = new Uint8Array(buffer, constants.KINDS, constants.MAX_POSITIONS);
    this.numbers = new Float64Array(buffer, constants.NUMBERS, constants.MAX_POSITIONS);
    this.heads = new Int32Array(buffer, constants.HEADS, 2 * constants.MAX_POSITIONS);
    this.begins = new Int32Array(buffer, constants.BEGINS, constants.MAX_POSITIONS);
    this.ends = new Int32Array(buffer, constants.ENDS, constants.MAX_POSITIONS);
  }
}
