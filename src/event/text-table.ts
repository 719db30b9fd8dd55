import type { WasmMemory } from '../base/wasm-memory.ts';

/** Bytes of a text that its slot is found by. */
const HEAD = 8;
const SLOT_WORDS = 4;
const FIRST_SLOT = 4;

/** The numbers of some texts by their bytes, as `wasm/texts.ts` looks them up, in a memory of WebAssembly. */
export class TextTable {
  readonly address: number;

  /** @param texts distinct; each has its position as its number. */
  constructor(texts: readonly string[], memory: WasmMemory) {
    const all = texts.map((text) => Buffer.from(text));
    const slots = 2 ** Math.ceil(Math.log2(2 * texts.length + 2));
    const headWords = FIRST_SLOT + slots * SLOT_WORDS;
    const textBytes = 4 * (headWords + 2 * slots);
    const room = all.reduce((sum, { length }) => sum + length, textBytes);
    this.address = memory.allocate(this, room);
    const { words, bytes } = memory;
    const first = this.address >> 2;
    words.fill(0, first, first + headWords + 2 * slots);
    words[first] = slots - 1;
    let at = this.address + textBytes;
    for (const [number, text] of all.entries()) {
      text.copy(bytes, at);
      // Half a surrogate pair has no bytes of its own: such a text is not found.
      if (text.toString() === texts[number]) {
        const head = Buffer.alloc(HEAD);
        text.copy(head);
        const [low, high] = [head.readInt32LE(0), head.readInt32LE(4)];
        let slot = textHash(low, high, text.length) & (slots - 1);
        while (words[first + FIRST_SLOT + slot * SLOT_WORDS] !== 0) slot = (slot + 1) & (slots - 1);
        words.set([number + 1, at, text.length], first + FIRST_SLOT + slot * SLOT_WORDS);
        words.set([low, high], first + headWords + 2 * slot);
      }
      at += text.length;
    }
  }
}

/** The hash of a text by its head, two words, and its length. `wasm/texts.ts` has the same. */
function textHash(low: number, high: number, length: number): number {
  const mixed = Math.imul(low ^ Math.imul(high, 0x9e3779b1) ^ length, 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}
