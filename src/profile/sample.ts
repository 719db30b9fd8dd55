import type { Random } from '../base/random.ts';

/**
 * A uniform sample of a stream of numbers in bounded memory: reservoir sampling, algorithm R (Vitter 1985).
 * Streams no longer than the capacity are kept whole.
 */
export class NumberSample {
  readonly #capacity: number;
  readonly #random: Random;
  readonly #values: number[] = [];
  #seen = 0;

  constructor(capacity: number, random: Random) {
    this.#capacity = capacity;
    this.#random = random;
  }

  add(value: number): void {
    this.#seen += 1;
    if (this.#values.length < this.#capacity) {
      this.#values.push(value);
      return;
    }
    const slot = Math.floor(this.#random() * this.#seen);
    if (slot < this.#capacity) this.#values[slot] = value;
  }

  get values(): readonly number[] {
    return this.#values;
  }
}
