import type { WasmMemory } from '../../base/wasm-memory.ts';

/** Room for a double each, one behind the other, in a memory of WebAssembly. */
export interface NumberRoom {
  readonly memory: WasmMemory;
  /** In bytes. */
  readonly address: number;
  readonly size: number;
}

/** The features that a derivation reads of the event at hand, by their place in its `sources`. */
export interface FeatureSource {
  /** The memory that the event lies in; undefined where it is an object. */
  readonly memory: WasmMemory | undefined;
  /** Writes the finite number at each place, NaN where there is none. The room is in the memory of the event, if that has one. */
  numbers(into: NumberRoom): void;
  /** The raw value; undefined where there is none. */
  value(place: number): unknown;
}

/** Sees anything that gives raw values as a source. */
export function sourceOfValues(value: (place: number) => unknown): FeatureSource {
  return {
    memory: undefined,
    value,
    numbers: ({ memory, address, size }) => {
      const { doubles } = memory;
      for (let place = 0; place < size; place += 1) {
        const given = value(place);
        doubles[(address >> 3) + place] =
          typeof given === 'number' && Number.isFinite(given) ? given : Number.NaN;
      }
    },
  };
}

/** Writes one entry for each name, from `into[0]` on: a number, null where it is missing, NaN where it is invalid. */
export type Derive = (source: FeatureSource, into: Array<number | null>) => void;
