import type { WasmMemory } from '../../base/wasm-memory.ts';
import { TextTable } from '../../event/text-table.ts';

const MOST = 4_096;

/** Names that recur, such as those of models: no string has to be made of them once they are in the table. */
export class KnownNames {
  readonly #memory: WasmMemory;
  #numbers = new Map<string, number>();
  #names: string[] = [];
  #table: TextTable;
  /** How many of the names are in the table. */
  #listed = 0;
  /** How often others were learned since it was made. */
  #misses = 0;

  constructor(memory: WasmMemory) {
    this.#memory = memory;
    this.#table = new TextTable([], memory);
  }

  /** Address of the table. */
  get address(): number {
    return this.#table.address;
  }

  /** The name that has a number in the table. */
  name(number: number): string {
    return this.#names[number] as string;
  }

  /** Takes a name that was not found in the table. */
  learn(name: string): void {
    if (!this.#numbers.has(name)) {
      if (this.#names.length === MOST) this.#forget();
      this.#numbers.set(name, this.#names.push(name) - 1);
    }
    this.#misses += 1;
    // A table costs as much as it has names, so that many have to ask for it.
    if (this.#misses <= this.#listed) return;
    this.#table = new TextTable(this.#names, this.#memory);
    this.#listed = this.#names.length;
    this.#misses = 0;
  }

  #forget(): void {
    this.#numbers = new Map();
    this.#names = [];
    // The numbers of the table must not be those of other names.
    this.#table = new TextTable([], this.#memory);
    this.#listed = 0;
  }
}
