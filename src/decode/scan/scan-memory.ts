import { WasmMemory } from '../../base/wasm-memory.ts';
import type { RawAddresses } from '../../event/raw-features.ts';
import { SCAN_MODULE } from './scan-module.ts';

/** Bytes behind a message that may be looked at; what they are does not matter. */
const LOOKAHEAD = 64;

/** Room for messages to begin with. */
const FIRST_ROOM = 65_536;

/** Addresses and bounds that `wasm/scan.ts` fixes. */
const CONSTANTS = [
  'MAX_POSITIONS',
  'MAX_TRANSITIONS',
  'TEXT_ROOM',
  'STAMPS',
  'NUMBERS',
  'HEADS',
  'BEGINS',
  'ENDS',
  'KINDS',
  'PLACES',
  'TRANSITIONS',
  'TEXT',
  'UNDECIDED',
  'RESERVED',
] as const;

type Constants = Readonly<Record<(typeof CONSTANTS)[number], number>>;

interface ScanExports extends Readonly<Record<(typeof CONSTANTS)[number], { readonly value: number }>> {
  readonly scan: (begin: number, end: number, stamp: number) => number;
}

/** What the module lays out itself. */
const RESERVED = 9 * 1024 * 1024;

/** The compiled scanner with a memory of its own, seen as arrays. They are others after the memory has grown. */
export class ScanMemory {
  readonly wasm = new WasmMemory(RESERVED);
  readonly constants: Constants;
  readonly addresses: RawAddresses;
  readonly #exports: ScanExports;
  #room: { readonly address: number; readonly size: number };
  #copied: Buffer | undefined;
  /** By position, see `wasm/scan.ts`. */
  stamps = new Int32Array(0);
  kinds = new Uint8Array(0);
  numbers = new Float64Array(0);
  begins = new Int32Array(0);
  ends = new Int32Array(0);

  constructor() {
    const exports = this.wasm.instance<ScanExports>(SCAN_MODULE);
    this.#exports = exports;
    this.constants = Object.fromEntries(
      CONSTANTS.map((name) => [name, exports[name].value]),
    ) as unknown as Constants;
    const { STAMPS, KINDS, NUMBERS, HEADS, BEGINS, ENDS } = this.constants;
    if (this.constants.RESERVED > RESERVED) throw new RangeError('the scanner needs more memory');
    this.addresses = {
      stamps: STAMPS,
      kinds: KINDS,
      numbers: NUMBERS,
      heads: HEADS,
      begins: BEGINS,
      ends: ENDS,
    };
    this.#room = this.#makeRoom(FIRST_ROOM);
    this.wasm.onMove(() => this.#look());
    this.#look();
  }

  /** The whole memory. */
  get bytes(): Buffer {
    return this.wasm.bytes;
  }

  get words(): Int32Array {
    return this.wasm.words;
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
    if (bytes !== this.#copied) this.#copy(bytes);
    const { address } = this.#room;
    const undecided = this.#exports.scan(address + begin, address + end, stamp);
    if (undecided > 0) this.#decide(undecided);
    return undecided >= 0;
  }

  #copy(bytes: Buffer): void {
    if (bytes.length > this.#room.size)
      this.#room = this.#makeRoom(Math.max(bytes.length, 2 * this.#room.size));
    this.bytes.set(bytes, this.#room.address);
    this.#copied = bytes;
  }

  /** Reads the numbers that need more than doubles to be read. */
  #decide(count: number): void {
    const first = this.constants.UNDECIDED >> 2;
    for (let i = first; i < first + count; i += 1) {
      const position = this.words[i] as number;
      const text = this.bytes.toString('latin1', this.begins[position], this.ends[position]);
      this.numbers[position] = Number(text);
    }
  }

  #makeRoom(size: number): { address: number; size: number } {
    const room = { address: 0, size };
    // The room before it is given back when this one has taken its place.
    room.address = this.wasm.allocate(room, size + LOOKAHEAD);
    return room;
  }

  #look(): void {
    const { buffer } = this.wasm;
    const { constants } = this;
    this.stamps = new Int32Array(buffer, constants.STAMPS, constants.MAX_POSITIONS);
    this.kinds = new Uint8Array(buffer, constants.KINDS, constants.MAX_POSITIONS);
    this.numbers = new Float64Array(buffer, constants.NUMBERS, constants.MAX_POSITIONS);
    this.begins = new Int32Array(buffer, constants.BEGINS, constants.MAX_POSITIONS);
    this.ends = new Int32Array(buffer, constants.ENDS, constants.MAX_POSITIONS);
  }
}
