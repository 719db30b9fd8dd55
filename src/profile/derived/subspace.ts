import { sharedMemory, type WasmMemory } from '../../base/wasm-memory.ts';
import type { ReconstructionDerivation } from './derivation.ts';
import type { NumberRoom } from './derive.ts';
import { RECONSTRUCT_MODULE } from './reconstruct-module.ts';

interface SubspaceExports {
  readonly look: (point: number, width: number, count: number) => number;
}

/** Some directions in the space of standardized features, and room for a point in it: an event. */
export class Subspace implements NumberRoom {
  readonly memory: WasmMemory;
  readonly address: number;
  readonly size: number;
  readonly #exports: SubspaceExports;
  /** The number of features, made even. */
  readonly #width: number;
  readonly #count: number;
  /** How many features of the point had no number. */
  absent = 0;
  /** The squared length of the standardized point, with 0 for what is absent. */
  squaredLength = 0;
  /** That of the part of it that lies in the subspace. */
  squaredLengthAlong = 0;

  constructor(
    { features, means, deviations, vectors }: ReconstructionDerivation,
    memory: WasmMemory = sharedMemory(),
  ) {
    this.memory = memory;
    this.size = features.length;
    this.#exports = memory.instance(RECONSTRUCT_MODULE);
    this.#width = features.length + (features.length & 1);
    this.#count = vectors.length;
    const rows = 3 + this.#count;
    this.address = memory.allocate(this, 8 * (rows * this.#width + 3));
    const first = this.address >> 3;
    const { doubles } = memory;
    doubles.fill(0, first, first + rows * this.#width);
    // What fills the width up is never there, and divided by something.
    doubles.fill(1, first + 2 * this.#width, first + 3 * this.#width);
    [means, deviations, ...vectors].forEach((row, i) => {
      doubles.set(row, first + (i + 1) * this.#width);
    });
  }

  /** Looks at the point, whose numbers are in the room, NaN for those that have none. They are others afterwards. */
  look(): void {
    const { memory, address, size } = this;
    if (this.#width > size) memory.doubles[(address >> 3) + size] = Number.NaN;
    const result = this.#exports.look(address, this.#width, this.#count) >> 3;
    this.absent = (memory.doubles[result] as number) - (this.#width - size);
    this.squaredLength = memory.doubles[result + 1] as number;
    this.squaredLengthAlong = memory.doubles[result + 2] as number;
  }
}
