/**
 * How far a lease has read its partition, to tell a batch that goes on there from one that would leave something out.
 *
 * Brokers are asked side by side, and kafkajs may join the group anew on behalf of one of them. What another broker was
 * asked for before then arrives under the new lease, from further on than that has read. On the other hand kafkajs passes
 * over what holds no records (markers of transactions) without a word. So a batch from further on is refused once: when
 * reading again from the right place leads to no other one, there is nothing in between.
 */
export class ReadingPosition {
  #next: number;
  #soughtAt: number | undefined;

  constructor(next: number) {
    this.#next = next;
  }

  /** Where reading goes on. */
  get next(): number {
    return this.#next;
  }

  /** False when the log has to be read again from `next`; `fetchedFrom` is the offset that the broker was asked for. */
  accepts(fetchedFrom: number): boolean {
    if (fetchedFrom === this.#next || this.#soughtAt === this.#next) return true;
    this.#soughtAt = this.#next;
    return false;
  }

  /** Everything below `next` is handled, or somebody wants to read from there. */
  moveTo(next: number): void {
    this.#next = next;
    this.#soughtAt = undefined;
  }
}
