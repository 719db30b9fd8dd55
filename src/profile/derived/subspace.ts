import { sharedMemory, type WasmMemory } from '../../base/wasm-memory.ts';
import type { ReconstructionDerivation } from './derivation.ts';
import { RECONSTRUCT_MODULE } from './reconstruct-module.ts';

interface SubspaceExports {
  readonly absentCount: () => number;
  readonly standardize: (point: number, means: number, deviations: number, width: number) => number;
  readonly squaredLengthAlong: (axes: number, count: number, point: number, width: number) => number;
}

/** Some directions in the space of standardized features, and a point in it: an event. */
export class Subspace {
  readonly memory: WasmMemory;
  /** Where the point lies: a double for each feature, NaN for those that have none. */
  readonly address: number;
  /** The number of features. */
  readonly size: number;
  readonly #exports: SubspaceExports;
  /** The number of features, made even. */
  readonly #width: number;
  readonly #count: number;
  readonly #means: number;
  readonly #deviations: number;
  readonly #axes: number;

  constructor(
    { features, means, deviations, vectors }: ReconstructionDerivation,
    memory: WasmMemory = sharedMemory(),
  ) {
    this.memory = memory;
    this.size = features.length;
    this.#exports = memory.instance(RECONSTRUCT_MODULE);
    this.#width = features.length + (features.length & 1);
    this.#count = vectors.length;
    const bytes = 8 * this.#width;
    this.address = memory.allocate(this, (3 + this.#count) * bytes);
    this.#means = this.address + bytes;
    this.#deviations = this.#means + bytes;
    this.#axes = this.#deviations + bytes;
    const { doubles } = memory;
    doubles.fill(0, this.address >> 3, (this.#axes + this.#count * bytes) >> 3);
    doubles.set(means, this.#means >> 3);
    // What fills the width up is never there, and divided by something.
    doubles.fill(1, this.#deviations >> 3, this.#axes >> 3);
    doubles.set(deviations, this.#deviations >> 3);
    vectors.forEach((vector, k) => {
      doubles.set(vector, (this.#axes + k * bytes) >> 3);
    });
  }

  /** Standardizes the point, with 0 for NaN. @returns its squared length. */
  standardize(): number {
    if (this.#width > this.size) this.memory.doubles[(this.address >> 3) + this.size] = Number.NaN;
    return this.#exports.standardize(this.address, this.#means, this.#deviations, this.#width);
  }

  /** How many features of the point had no number. */
  absent(): number {
    return this.#exports.absentCount() - (this.#width - this.size);
  }

  /** The squared length of the part of the standardized point that lies in the subspace. */
  squaredLengthAlong(): number {
    return this.#exports.squaredLengthAlong(this.#axes, this.#count, this.address, this.#width);
  }
}
