import type { Random } from '../../base/random.ts';

/**
 * A uniform sample of a stream of rows in bounded memory: reservoir sampling, algorithm R (Vitter 1985), with a second
 * bound on what the kept rows weigh together. Where that is passed, rows are dropped at random, and fewer are kept from
 * then on.
 */
export class RowSample<Row> {
  readonly #random: Random;
  readonly #budget: number;
  readonly #rows: Row[] = [];
  readonly #weights: number[] = [];
  #capacity: number;
  #weight = 0;
  #seen = 0;
  #slot = -1;

  constructor(capacity: number, budget: number, random: Random) {
    this.#capacity = capacity;
    this.#budget = budget;
    this.#random = random;
  }

  /** Asked once for every row of the stream: whether it shall be put next. */
  wantsNext(): boolean {
    this.#seen += 1;
    this.#slot =
      this.#rows.length < this.#capacity ? this.#rows.length : Math.floor(this.#random() * this.#seen);
    return this.#slot < this.#capacity;
  }

  /** Keeps the row that was wanted. */
  put(row: Row, weight: number): void {
    this.#weight += weight - (this.#weights[this.#slot] ?? 0);
    this.#rows[this.#slot] = row;
    this.#weights[this.#slot] = weight;
    while (this.#weight > this.#budget && this.#rows.length > 1) this.#drop();
  }

  #drop(): void {
    const dropped = Math.floor(this.#random() * this.#rows.length);
    this.#weight -= this.#weights[dropped] as number;
    const [row, weight] = [this.#rows.pop() as Row, this.#weights.pop() as number];
    if (dropped < this.#rows.length) {
      this.#rows[dropped] = row;
      this.#weights[dropped] = weight;
    }
    this.#capacity = this.#rows.length;
  }

  get rows(): readonly Row[] {
    return this.#rows;
  }
}
