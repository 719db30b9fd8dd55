/**
 * Cells, that with the most blur first; among equals the one that came first. A cell that takes the place of another counts
 * from when that one came. (A binary heap.)
 */
export class BlurQueue<Cell extends { readonly blur: number }> {
  readonly #cells: Cell[];
  /** Positions in `#cells`. Each comes before those at twice its own position plus one and plus two. */
  readonly #heap: number[];

  constructor(cells: readonly Cell[]) {
    this.#cells = [...cells];
    this.#heap = cells.map((_, i) => i);
    for (let i = (cells.length >> 1) - 1; i >= 0; i -= 1) this.#sink(i);
  }

  /** Must not be asked of an empty queue. */
  get first(): Cell {
    return this.#cells[this.#heap[0] as number] as Cell;
  }

  replaceFirst(cell: Cell): void {
    this.#cells[this.#heap[0] as number] = cell;
    this.#sink(0);
  }

  add(cell: Cell): void {
    const added = this.#cells.push(cell) - 1;
    const heap = this.#heap;
    let at = heap.push(added) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#isBefore(added, heap[parent] as number)) break;
      heap[at] = heap[parent] as number;
      at = parent;
    }
    heap[at] = added;
  }

  #sink(from: number): void {
    const heap = this.#heap;
    const sinking = heap[from] as number;
    let at = from;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && this.#isBefore(heap[child + 1] as number, heap[child] as number))
        child += 1;
      if (!this.#isBefore(heap[child] as number, sinking)) break;
      heap[at] = heap[child] as number;
      at = child;
    }
    heap[at] = sinking;
  }

  #isBefore(a: number, b: number): boolean {
    const difference = (this.#cells[a] as Cell).blur - (this.#cells[b] as Cell).blur;
    return difference > 0 || (difference === 0 && a < b);
  }
}
