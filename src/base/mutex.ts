/** Runs asynchronous sections one after another, in the order in which they asked. */
export class Mutex {
  #tail: Promise<unknown> = Promise.resolve();

  run<T>(section: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(section);
    // The next one waits for this to end, however it ends; the failure belongs to this caller alone.
    this.#tail = result.catch(() => undefined);
    return result;
  }
}
