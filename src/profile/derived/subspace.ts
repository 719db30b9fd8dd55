import { WASM_PAGE, type WasmMemory, wasmInstance } from '../../base/web-assembly.ts';
import type { ReconstructionDerivation } from './derivation.ts';
import { RECONSTRUCT_MODULE } from './reconstruct-module.ts';

interface SubspaceExports {
  readonly memory: WasmMemory;
  readonly absentCount: () => number;
  readonly standardize: (point: number, means: number, deviations: number, width: number) => number;
  readonly squaredLengthAlong: (axes: number, count: number, point: number, width: number) => number;
}

/** Behind what the module itself may keep. */
const FIRST_ADDRESS = 1_024;

/** Some directions in the space of standardized features. */
export class Subspace {
  /** The event to be looked at: numbers of the features, NaN for those that have none. */
  readonly point: Float64Array;
  readonly #exports: SubspaceExports;
  /** The number of features, made even. */
  readonly #width: number;
  readonly #padding: number;
  readonly #count: number;
  readonly #means: number;
  readonly #deviations: number;
  readonly #axes: number;

  constructor({ features, means, deviations, vectors }: ReconstructionDerivation) {
    this.#exports = wasmInstance(RECONSTRUCT_MODULE) as unknown as SubspaceExports;
    this.#width = features.length + (features.length & 1);
    this.#padding = this.#width - features.length;
    this.#count = vectors.length;
    const bytes = 8 * this.#width;
    this.#means = FIRST_ADDRESS + bytes;
    this.#deviations = this.#means + bytes;
    this.#axes = this.#deviations + bytes;
    const { memory } = this.#exports;
    const missing = this.#axes + this.#count * bytes - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / WASM_PAGE));
    const numbers = new Float64Array(memory.buffer);
    this.point = numbers.subarray(FIRST_ADDRESS >> 3, this.#means >> 3);
    numbers.set(means, this.#means >> 3);
    // What fills the width up is never there, and divided by something.
    numbers.fill(1, this.#deviations >> 3, this.#axes >> 3);
    numbers.set(deviations, this.#deviations >> 3);
    vectors.forEach((vector, k) => {
      numbers.set(vector, (this.#axes + k * bytes) >> 3);
    });
    this.point.fill(Number.NaN);
  }

  /** Standardizes the point, with 0 for NaN. @returns its squared length. */
  standardize(): number {
    if (this.#padding > 0) this.point[this.#width - 1] = Number.NaN;
    return this.#exports.standardize(FIRST_ADDRESS, this.#means, this.#deviations, this.#width);
  }

  /** How many features of the point had no number. */
  absent(): number {
    return this.#exports.absentCount() - this.#padding;
  }

  /** The squared length of the part of the standardized point that lies in the subspace. */
  squaredLengthAlong(): number {
    return this.#exports.squaredLengthAlong(this.#axes, this.#count, FIRST_ADDRESS, this.#width);
  }
}
