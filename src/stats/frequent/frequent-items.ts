/**
 * Finds the items that occur often in a stream, in bounded memory: an item that makes up more than 1/(capacity+1) of what was
 * offered is held. One that is not held takes away one from each that is, and what has none left goes.
 *
 * Reference: Misra and Gries, Finding repeated elements, 1982.
 *
 * @example
 * const frequent = new FrequentItems(2);
 * ['a', 'b', 'a', 'c', 'a'].map((item) => frequent.offer(item)); // [1, 1, 2, 0, 2]
 * frequent.has('b'); // false
 */
export class FrequentItems {
  readonly #capacity: number;
  readonly #counts = new Map<string, number>();
  #isCrowded = false;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Counts one occurrence. @returns the count of the item, less what others took away; 0 when it is not held. */
  offer(item: string): number {
    const count = this.#counts.get(item);
    if (count !== undefined || this.#counts.size < this.#capacity) {
      this.#counts.set(item, (count ?? 0) + 1);
      return (count ?? 0) + 1;
    }
    this.#isCrowded = true;
    for (const [other, held] of this.#counts) {
      if (held === 1) this.#counts.delete(other);
      else this.#counts.set(other, held - 1);
    }
    return 0;
  }

  /** True once there were more items than fit, so that counts are lower than they would be. */
  get isCrowded(): boolean {
    return this.#isCrowded;
  }

  /** The items that are held, with their counts, less what others took away. */
  get held(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  has(item: string): boolean {
    return this.#counts.has(item);
  }
}
