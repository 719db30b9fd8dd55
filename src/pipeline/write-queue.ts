/**
 * The writes of one partition, one after another, while counting goes on. The first that fails ends it: its rows are in no
 * memory any more, so nothing may be stored or committed behind them.
 */
export class WriteQueue {
  #tail: Promise<void> = Promise.resolve();
  #failure: { readonly error: unknown } | undefined;
  #waiting = 0;
  /** Since when something has been waiting or being written, by the clock that only goes forward. */
  #busySince = 0;

  /** @returns a promise of this write. Nobody has to wait for it: what it fails with is kept for `throwIfFailed`. */
  add(write: () => Promise<void>): Promise<void> {
    if (this.#waiting === 0) this.#busySince = performance.now();
    this.#waiting += 1;
    const done = this.#tail.then(() => {
      this.throwIfFailed();
      return write();
    });
    this.#tail = done
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .then(() => {
        this.#waiting -= 1;
      });
    return done;
  }

  /** Resolves when all that was added so far is written, or has failed. */
  idle(): Promise<void> {
    return this.#tail;
  }

  /** Waits for all of it when writing has gone on for longer than some milliseconds: who is that slow shall not be given more. */
  async unlessSlow(limit: number): Promise<void> {
    if (this.#waiting > 0 && performance.now() - this.#busySince > limit) await this.idle();
  }

  throwIfFailed(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}
