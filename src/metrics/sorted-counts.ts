/** Numbers that are gathered before they are sorted in. */
const BATCH = 65_536;

/**
 * How often each number of a sample occurs, by ascending value. Numbers are sorted in by batches, which is many times
 * faster than looking each up, and takes sixteen bytes for a distinct one.
 */
export class SortedCounts {
  #values = new Float64Array(0);
  #counts = new Float64Array(0);
  #batch: number[] = [];

  /**
   * @param value not NaN
   * @returns true when a batch was sorted in, so that there may be more distinct numbers than before.
   */
  add(value: number): boolean {
    this.#batch.push(value);
    if (this.#batch.length < BATCH) return false;
    this.#settle();
    return true;
  }

  /** Distinct numbers, ascending. */
  get values(): Float64Array {
    this.#settle();
    return this.#values;
  }

  /** How often each of them occurs. */
  get counts(): Float64Array {
    this.#settle();
    return this.#counts;
  }

  /** Replaces every number by another one, in a way that keeps their order; those that become equal are added up. */
  replace(by: (value: number) => number): void {
    this.#settle();
    this.#take(this.#values.map(by), this.#counts);
  }

  #settle(): void {
    if (this.#batch.length === 0) return;
    const batch = Float64Array.from(this.#batch).sort();
    this.#batch = [];
    const known = this.#values.length;
    const values = new Float64Array(known + batch.length);
    const counts = new Float64Array(values.length);
    let [old, fresh] = [0, 0];
    for (let i = 0; i < values.length; i += 1) {
      const takesOld =
        fresh === batch.length || (old < known && (this.#values[old] as number) <= (batch[fresh] as number));
      values[i] = (takesOld ? this.#values[old] : batch[fresh]) as number;
      counts[i] = takesOld ? (this.#counts[old] as number) : 1;
      if (takesOld) old += 1;
      else fresh += 1;
    }
    this.#take(values, counts);
  }

  /** @param values ascending; equal ones stand side by side. */
  #take(values: Float64Array, counts: Float64Array): void {
    let last = -1;
    for (let i = 0; i < values.length; i += 1) {
      const value = values[i] as number;
      const count = counts[i] as number;
      if (last >= 0 && values[last] === value) counts[last]! += count;
      else {
        last += 1;
        values[last] = value;
        counts[last] = count;
      }
    }
    this.#values = values.slice(0, last + 1);
    this.#counts = counts.slice(0, last + 1);
  }
}
