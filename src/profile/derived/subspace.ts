import type { WasmMemory } from '../../base/wasm-memory.ts';
import type { ReconstructionDerivation } from './derivation.ts';
import { RECONSTRUCT_MODULE } from './reconstruct-module.ts';

interface ReconstructExports {
  readonly reconstruct: (plan: number, from: number, to: number) => void;
}

const PLAN_WORDS = 8;
/** Directions that `wasm/reconstruct.ts` takes at a time. */
const FOUR = 4;

/** Some directions in the space of standardized features, beside the columns of these features: an event is a point, and a row. */
export class Subspace {
  readonly #exports: ReconstructExports;
  readonly #plan: number;

  /**
   * @param columns addresses of the features' numbers; result, that of the errors. All have an even number of rows, the first
   *   at an address that 8 divides.
   */
  constructor(
    { means, deviations, vectors, spans }: ReconstructionDerivation,
    memory: WasmMemory,
    columns: readonly number[],
    result: number,
  ) {
    this.#exports = memory.instance(RECONSTRUCT_MODULE);
    const width = columns.length;
    const fours = Math.ceil(vectors.length / FOUR);
    const allocate = (bytes: number): number => memory.allocate(this, bytes);
    this.#plan = allocate(4 * PLAN_WORDS);
    const scales = allocate(16 * width);
    const directions = allocate(8 * FOUR * fours * width);
    const addresses = allocate(4 * width);
    const point = allocate(16 * width);
    const { words, doubles } = memory;
    const isLost = spans === 'lost' ? 1 : 0;
    words.set([width, fours, isLost, scales, directions, addresses, point, result], this.#plan >> 2);
    words.set(columns, addresses >> 2);
    for (let i = 0; i < width; i += 1) {
      // Baselines of before may have a deviation that has no inverse.
      const inverse = Math.min(1 / (deviations[i] as number), Number.MAX_VALUE);
      doubles.set([means[i] as number, inverse], (scales >> 3) + 2 * i);
      for (let k = 0; k < FOUR * fours; k += 1) {
        const at = (Math.floor(k / FOUR) * width + i) * FOUR + (k % FOUR);
        doubles[(directions >> 3) + at] = vectors[k]?.[i] ?? 0;
      }
    }
  }

  /** Writes the errors of the rows from one up to another; NaN for those in which too much is missing. */
  look(from: number, to: number): void {
    this.#exports.reconstruct(this.#plan, from, to);
  }
}
