import type { WasmMemory } from '../base/wasm-memory.ts';
import type { RawFeatures } from '../event/raw-features.ts';
import type { ColumnsExports } from './column-tables.ts';
import { COLUMNS_MODULE } from './columns-module.ts';
import type { FeatureSource, NumberRoom } from './derived/derive.ts';

const PLAN_WORDS = 5;

/** The features that one derivation reads, where they lie in messages. */
export class RawSource implements FeatureSource {
  readonly #names: readonly string[];
  #positions: readonly number[] = [];
  #raw: RawFeatures | undefined;
  #layout: object | undefined;
  #revision = -1;
  #plan: GatherPlan | undefined;

  constructor(names: readonly string[]) {
    this.#names = names;
  }

  get memory(): WasmMemory | undefined {
    return this.#raw?.memory;
  }

  /** Looks at the event that was decoded last. */
  look(raw: RawFeatures): void {
    this.#raw = raw;
    if (this.#layout === raw.layout && this.#revision === raw.revision && this.#plan?.memory === raw.memory)
      return;
    this.#layout = raw.layout;
    this.#revision = raw.revision;
    this.#positions = this.#names.map((name) => raw.position(name));
    if (this.#plan?.memory !== raw.memory) this.#plan = new GatherPlan(raw, this.#names.length);
    this.#plan.fill(this.#positions);
  }

  numbers(into: NumberRoom): void {
    if (this.#raw !== undefined) this.#plan?.gather(into, this.#raw.stamp);
  }

  value(place: number): unknown {
    return this.#raw?.valueAt(this.#positions[place] as number);
  }
}

/** What `gather` of `wasm/columns.ts` has to know. */
class GatherPlan {
  readonly memory: WasmMemory;
  readonly #exports: ColumnsExports;
  readonly #address: number;
  readonly #positions: number;

  constructor({ memory, addresses }: RawFeatures, size: number) {
    this.memory = memory;
    this.#exports = memory.instance(COLUMNS_MODULE);
    this.#address = memory.allocate(this, 4 * PLAN_WORDS);
    this.#positions = memory.allocate(this, 4 * size);
    const { stamps, kinds, numbers } = addresses;
    memory.words.set([size, stamps, kinds, numbers, this.#positions], this.#address >> 2);
  }

  fill(positions: readonly number[]): void {
    this.memory.words.set(positions, this.#positions >> 2);
  }

  gather({ address }: NumberRoom, stamp: number): void {
    this.#exports.gather(this.#address, address, stamp);
  }
}
