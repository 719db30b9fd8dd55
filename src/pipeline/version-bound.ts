/** Under this name go the versions of a model that are too many to be told apart. */
const OTHER_VERSION = 'other';

/**
 * The versions of each model that a chunk tells apart: the first ones that it meets. A producer that takes the id of each
 * request for its version must not make a profile of every event. Counted by chunk, so that a second reading finds the same.
 */
export class VersionBound {
  readonly #limit: number;
  readonly #known = new Map<string, Set<string>>();
  readonly #onOverflow: () => void;

  constructor(limit: number, onOverflow: () => void) {
    this.#limit = limit;
    this.#onOverflow = onOverflow;
  }

  /** The version under which an event is counted: its own, or `other`. */
  counted(model: string, version: string): string {
    let known = this.#known.get(model);
    if (known === undefined) {
      known = new Set();
      this.#known.set(model, known);
    }
    if (known.has(version)) return version;
    if (known.size >= this.#limit) {
      this.#onOverflow();
      return OTHER_VERSION;
    }
    known.add(version);
    return version;
  }
}
