import { KnownTexts } from '../../event/known-texts.ts';
import type { ScanMemory } from './scan-memory.ts';

const MOST = 4_096;

/** Texts that recur, such as names of models: most of the time no string has to be made. */
export class TextCache {
  #known = new KnownTexts();
  #texts: string[] = [];

  /** The text of a string without escapes. */
  textAt(memory: ScanMemory, position: number): string {
    const known = this.#known.find(memory, position);
    if (known >= 0) return this.#texts[known] as string;
    const text = memory.bytes.toString('utf8', memory.begins[position], memory.ends[position]);
    if (this.#known.size === MOST) {
      this.#known = new KnownTexts();
      this.#texts = [];
    }
    // Where bytes are no UTF-8 the text has others, and is made anew each time.
    if (Buffer.from(text).equals(memory.bytes.subarray(memory.begins[position], memory.ends[position]))) {
      this.#known.add(text);
      this.#texts.push(text);
    }
    return text;
  }
}
