import type { WasmMemory } from '../base/wasm-memory.ts';
import { TextTable } from '../event/text-table.ts';
import type { CountedCategorical } from './categorical-profile.ts';

/**
 * Columns of texts that are known, by their numbers, in a memory of WebAssembly. All addresses are in bytes. Events that have
 * no such text leave nothing there.
 */
export class TextColumns {
  /** By column a word each: where its table lies, how many wait in it, and what the event at hand has, -1 for none. */
  readonly tables: number;
  readonly waiting: number;
  readonly found: number;
  /** Where the first column begins. */
  readonly values: number;
  readonly size: number;
  readonly #bytes: number;
  readonly #memory: WasmMemory;
  readonly #texts: readonly TextTable[];

  /**
   * @param known the texts of each column; their numbers are their positions.
   * @param bytes of a column.
   */
  constructor(known: ReadonlyArray<readonly string[]>, bytes: number, memory: WasmMemory) {
    this.size = known.length;
    this.#memory = memory;
    this.#texts = known.map((texts) => new TextTable(texts, memory));
    const words = (count: number): number => memory.allocate(this, 4 * count);
    this.tables = words(known.length);
    this.waiting = words(known.length);
    this.found = words(known.length);
    this.#bytes = bytes;
    this.values = memory.allocate(this, bytes * known.length);
    const addresses = this.#texts.map(({ address }) => address);
    memory.words.set(addresses, this.tables >> 2);
    memory.words.fill(0, this.waiting >> 2, (this.waiting >> 2) + known.length);
  }

  /** Brings what waits into the profiles, one for each column. */
  settle(profiles: readonly CountedCategorical[]): void {
    const { words } = this.#memory;
    for (let column = 0; column < this.size; column += 1) {
      const waiting = (this.waiting >> 2) + column;
      const count = words[waiting] as number;
      if (count === 0) continue;
      words[waiting] = 0;
      const profile = profiles[column] as CountedCategorical;
      profile.n += count;
      const { cells } = profile;
      const first = (this.values + column * this.#bytes) >> 2;
      for (let i = first; i < first + count; i += 1) cells[words[i] as number]! += 1;
    }
  }
}
