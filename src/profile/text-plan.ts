import type { WasmMemory } from '../base/wasm-memory.ts';
import type { RawFeatures } from '../event/raw-features.ts';
import type { ColumnsExports } from './column-tables.ts';
import { COLUMNS_MODULE } from './columns-module.ts';
import { TextTable } from './text-table.ts';

const PLAN_WORDS = 9;

/** What `find` of `wasm/columns.ts` has to know, in the memory of the events: where strings lie, and which texts are known. */
export class TextPlan {
  readonly memory: WasmMemory;
  readonly #exports: ColumnsExports;
  readonly #tables: readonly TextTable[];
  readonly #address: number;
  readonly #positions: number;
  readonly #found: number;

  /** @param known the texts of each feature. */
  constructor({ memory, addresses }: RawFeatures, known: ReadonlyArray<readonly string[]>) {
    this.memory = memory;
    this.#exports = memory.instance(COLUMNS_MODULE);
    this.#tables = known.map((texts) => new TextTable(texts, memory));
    const room = (): number => memory.allocate(this, 4 * known.length);
    this.#address = memory.allocate(this, 4 * PLAN_WORDS);
    this.#positions = room();
    this.#found = room();
    const tables = room();
    const { stamps, kinds, heads, begins, ends } = addresses;
    memory.words.set(
      [known.length, stamps, kinds, heads, begins, ends, this.#positions, tables, this.#found],
      this.#address >> 2,
    );
    memory.words.set(
      this.#tables.map(({ address }) => address),
      tables >> 2,
    );
  }

  /** @param positions of the features; -1 where none is known. */
  fill(positions: readonly number[]): void {
    this.memory.words.set(positions, this.#positions >> 2);
  }

  /** Looks the event at hand up. @returns where the numbers of its texts begin in `memory.words`, one for each feature or -1. */
  find(stamp: number): number {
    this.#exports.find(this.#address, stamp);
    return this.#found >> 2;
  }
}
