import type { WasmMemory } from '../base/wasm-memory.ts';

/** Bytes of a text that stand beside its slot, and by which it is mixed into its hash. */
const WORD = 8;
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
        const head = headOf(text);
        let slot = textHash(head, text) & (slots - 1);
        while (words[first + FIRST_SLOT + slot * SLOT_WORDS] !== 0) slot = (slot + 1) & (slots - 1);
        words.set([number + 1, at, text.length], first + FIRST_SLOT + slot * SLOT_WORDS);
        words.set([head.readInt32LE(0), head.readInt32LE(4)], first + headWords + 2 * slot);
      }
      at += text.length;
    }
  }
}

/** The first bytes, zeros behind shorter texts. */
function headOf(text: Buffer): Buffer {
  const head = Buffer.alloc(WORD);
  text.copy(head);
  return head;
}

/** The hash of a text. `wasm/texts.ts` has the same. */
function textHash(head: Buffer, text: Buffer): number {
  const { length } = text;
  let mixed = mix(length, head, 0);
  for (let at = WORD; at < length; at += WORD) mixed = mix(mixed, text, Math.min(at, length - WORD));
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

function mix(hash: number, bytes: Buffer, at: number): number {
  const low = Math.imul(hash ^ bytes.readInt32LE(at), 0x9e3779b1);
  return Math.imul(low ^ (low >>> 15) ^ bytes.readInt32LE(at + 4), 0x85ebca6b);
}
