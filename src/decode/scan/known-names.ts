import type { WasmMemory } from '../../base/wasm-memory.ts';
import { TextTable } from '../../event/text-table.ts';

const MOST = 4_096;

/** Names that recur, such as those of models: no string has to be made of them once they are in the table. */
export class KnownNames {
  readonly #memory: WasmMemory;
  #numbers = new Map<string, number>();
  #names: string[] = [];
  #table: TextTable;
  /** How many of the names are in the table, and how often others were met since it was made. */
  #listed = 0;
  #misses = 0;

  constructor(memory: WasmMemory) {
    this.#memory = memory;
    this.#table = new TextTable([], memory);
  }

  /** Address of the table. */
  get address(): number {
    return this.#table.address;
  }

  name(number: number): string {
    return this.#names[number] as string;
  }

  /** Takes a name that was not found in the table. @returns whether that is another one now. */
  learn(name: string): boolean {
    let number = this.#numbers.get(name);
    if (number === undefined) {
      if (this.#names.length === MOST) this.#forget();
      number = this.#names.push(name) - 1;
      this.#numbers.set(name, number);
    }
    // In the table and not found: its bytes in the message were no UTF-8, or escaped.
    if (number < this.#listed) return false;
    this.#misses += 1;
    // A table costs as much as it has names, so that many have to ask for it.
    if (this.#misses <= this.#listed) return false;
    this.#table = new TextTable(this.#names, this.#memory);
    this.#listed = this.#names.length;
    this.#misses = 0;
    return true;
  }

  #forget(): void {
    this.#numbers = new Map();
    this.#names = [];
    this.#listed = 0;
  }
}
