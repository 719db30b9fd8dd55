/** The text that bytes from..to stand for; null for a missing value. */
export type Meaning = (bytes: Buffer, from: number, to: number) => string | null;

export function utf8Text(bytes: Buffer, from: number, to: number): string {
  return bytes.toString('utf8', from, to);
}

/** Codes for values that lie as bytes in a buffer: 0 for the first, 1 for the next. Only a new one becomes a string. */
export class ByteDictionary {
  /** Distinct texts by code. A new array after each `clear`. */
  texts: string[] = [];

  readonly #meaning: Meaning;
  readonly #hasTwins: boolean;
  /** Hash table with open addressing: position of an entry plus one, or 0. */
  #slots = new Int32Array(32);
  /** Of each entry its hash, where its bytes end in `#bytes`, and its code. They begin where those before it end. */
  #hashes = new Int32Array(16);
  #ends = new Int32Array(16);
  #codes = new Int32Array(16);
  #entries = 0;
  #bytes = Buffer.alloc(256);
  #codesByText: Map<string, number> | undefined;

  /** @param hasTwins true when different bytes may mean the same. Broken UTF-8 may do so in any case. */
  constructor(meaning: Meaning, hasTwins = false) {
    this.#meaning = meaning;
    this.#hasTwins = hasTwins;
  }

  /** The code of a value, -1 for a missing one. `hash` must be `hashOf` the same bytes. */
  codeOf(bytes: Buffer, from: number, to: number, hash: number): number {
    const mask = this.#slots.length - 1;
    let slot = (hash ^ (hash >>> 15)) & mask;
    for (;;) {
      const entry = (this.#slots[slot] as number) - 1;
      if (entry < 0) return this.#add(bytes, from, to, hash, slot);
      if (this.#hashes[entry] === hash && this.#isSame(entry, bytes, from, to)) {
        return this.#codes[entry] as number;
      }
      slot = (slot + 1) & mask;
    }
  }

  clear(): void {
    if (this.#entries === 0) return;
    this.texts = [];
    this.#slots.fill(0);
    this.#entries = 0;
    this.#codesByText = undefined;
  }

  #isSame(entry: number, bytes: Buffer, from: number, to: number): boolean {
    const own = this.#bytes;
    let at = entry === 0 ? 0 : (this.#ends[entry - 1] as number);
    if ((this.#ends[entry] as number) - at !== to - from) return false;
    for (let i = from; i < to; i += 1, at += 1) if (own[at] !== bytes[i]) return false;
    return true;
  }

  #add(bytes: Buffer, from: number, to: number, hash: number, slot: number): number {
    const entry = this.#entries;
    if (entry === this.#codes.length) this.#growEntries();
    const start = entry === 0 ? 0 : (this.#ends[entry - 1] as number);
    const end = start + to - from;
    if (end > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(end, 2 * this.#bytes.length));
      this.#bytes.copy(larger, 0, 0, start);
      this.#bytes = larger;
    }
    bytes.copy(this.#bytes, start, from, to);
    const code = this.#newCode(this.#meaning(bytes, from, to));
    this.#hashes[entry] = hash;
    this.#ends[entry] = end;
    this.#codes[entry] = code;
    this.#entries += 1;
    this.#slots[slot] = this.#entries;
    // At most half full, so that chains stay short.
    if (2 * this.#entries > this.#slots.length) this.#rehash();
    return code;
  }

  #newCode(text: string | null): number {
    if (text === null) return -1;
    if (this.#hasTwins || text.includes('\uFFFD')) {
      this.#codesByText ??= new Map(this.texts.map((known, code) => [known, code]));
    }
    const known = this.#codesByText?.get(text);
    if (known !== undefined) return known;
    const code = this.texts.push(text) - 1;
    this.#codesByText?.set(text, code);
    return code;
  }

  #growEntries(): void {
    const grown = (old: Int32Array): Int32Array<ArrayBuffer> => {
      const larger = new Int32Array(2 * old.length);
      larger.set(old);
      return larger;
    };
    this.#hashes = grown(this.#hashes);
    this.#ends = grown(this.#ends);
    this.#codes = grown(this.#codes);
  }

  #rehash(): void {
    this.#slots = new Int32Array(4 * this.#slots.length);
    const mask = this.#slots.length - 1;
    for (let entry = 0; entry < this.#entries; entry += 1) {
      const hash = this.#hashes[entry] as number;
      let slot = (hash ^ (hash >>> 15)) & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = entry + 1;
    }
  }
}

/** Of bytes from..to, by FNV-1a (Fowler, Noll and Vo) from `HASH_START` on; `mixByte` adds one byte. */
export function hashOf(bytes: Buffer, from: number, to: number): number {
  let hash = HASH_START;
  for (let i = from; i < to; i += 1) hash = mixByte(hash, bytes[i] as number);
  return hash;
}

export const HASH_START = 0x811c9dc5 | 0;

export function mixByte(hash: number, byte: number): number {
  return Math.imul(hash ^ byte, 0x01000193);
}
