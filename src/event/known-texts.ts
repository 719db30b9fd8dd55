import type { RawFeatures } from './raw-features.ts';

type RawStrings = Pick<RawFeatures, 'heads' | 'bytes' | 'begins' | 'ends'>;

/** Bytes that a string's head has. */
const HEAD = 8;

/** Finds texts among known ones by their bytes, so that no string has to be made of them. */
export class KnownTexts {
  /** Hash table with open addressing: number of a text plus one, or 0. */
  #slots = new Int32Array(16);
  #count = 0;
  readonly #heads: number[] = [];
  readonly #bytes: Buffer[] = [];
  readonly #canBeFound: boolean[] = [];

  /** How many were added. */
  get size(): number {
    return this.#count;
  }

  /** Adds a text that is not among them. @returns its number, in the order in which they were added. */
  add(text: string): number {
    const number = this.#count;
    const bytes = Buffer.from(text);
    const head = Buffer.alloc(HEAD);
    bytes.copy(head);
    this.#bytes.push(bytes);
    this.#heads.push(head.readInt32LE(0), head.readInt32LE(4));
    this.#count += 1;
    // Half a surrogate pair has no bytes of its own: such a text is not found.
    this.#canBeFound.push(bytes.toString() === text);
    if (2 * this.#count > this.#slots.length) this.#grow();
    else this.#put(number);
    return number;
  }

  /** The number of the text at a position; -1 when it is not known. */
  find({ heads, bytes, begins, ends }: RawStrings, position: number): number {
    const low = heads[2 * position] as number;
    const high = heads[2 * position + 1] as number;
    const begin = begins[position] as number;
    const length = (ends[position] as number) - begin;
    const mask = this.#slots.length - 1;
    for (let slot = textHash(low, high, length) & mask; ; slot = (slot + 1) & mask) {
      const number = (this.#slots[slot] as number) - 1;
      if (number < 0) return -1;
      if (
        this.#heads[2 * number] === low &&
        this.#heads[2 * number + 1] === high &&
        isSameBehindHead(this.#bytes[number] as Buffer, bytes, begin, length)
      ) {
        return number;
      }
    }
  }

  #put(number: number): void {
    if (this.#canBeFound[number] !== true) return;
    const low = this.#heads[2 * number] as number;
    const high = this.#heads[2 * number + 1] as number;
    const mask = this.#slots.length - 1;
    let slot = textHash(low, high, (this.#bytes[number] as Buffer).length) & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = number + 1;
  }

  #grow(): void {
    this.#slots = new Int32Array(4 * this.#slots.length);
    for (let number = 0; number < this.#count; number += 1) this.#put(number);
  }
}

function isSameBehindHead(known: Buffer, bytes: Uint8Array, begin: number, length: number): boolean {
  if (known.length !== length) return false;
  for (let i = HEAD; i < length; i += 1) if (known[i] !== bytes[begin + i]) return false;
  return true;
}

/** The hash of a text by its head, two words, and its length. `wasm/columns.ts` has the same. */
export function textHash(low: number, high: number, length: number): number {
  const mixed = Math.imul(low ^ Math.imul(high, 0x9e3779b1) ^ length, 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}
