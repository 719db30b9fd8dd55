/**
 * The writes of one partition, one after another, while counting goes on. The first that fails ends it: its rows are in no
 * memory any more, so nothing may be stored or committed behind them.
 */
export class WriteQueue {
  #tail: Promise<void> = Promise.resolve();
  #failure: { readonly error: unknown } | undefined;

  /** @returns a promise of this write. Nobody has to wait for it: what it fails with is kept for `throwIfFailed`. */
  add(write: () => Promise<void>): Promise<void> {
    const done = this.#tail.then(() => {
      this.throwIfFailed();
      return write();
    });
    this.#tail = done.catch((error: unknown) => {
      this.#failure ??= { error };
    });
    return done;
  }

  /** Resolves when all that was added so far is written, or has failed. */
  idle(): Promise<void> {
    return this.#tail;
  }

  throwIfFailed(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}
