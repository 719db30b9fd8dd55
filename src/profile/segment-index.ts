import type { PredictionEvent } from '../event/events.ts';
import { OTHER_VALUE, partsOf, segmentName, segmentsOf } from '../event/segments.ts';

/** In the table of pairs, where two values have no slice together. */
const NONE = -1;

/** Finds the slices that an event is counted in: one for each declared feature, and those of pairs that are known. */
export class SegmentIndex {
  readonly features: readonly string[];
  /** The names of all slices; they are called by their position. */
  readonly names: readonly string[];
  /** What `find` found last. */
  readonly found: Int32Array;
  readonly #positions: ReadonlyMap<string, number>;
  /** By declared feature: the slice of what has none of its own. */
  readonly #rest: readonly number[];
  readonly #pairs: Int32Array;

  /** @param names of all slices, those for the rest of each feature among them. */
  constructor(features: readonly string[], names: readonly string[]) {
    this.features = features;
    this.names = names;
    this.found = new Int32Array((features.length * (features.length + 1)) / 2);
    const positions = new Map(names.map((name, i) => [name, i]));
    const positionOf = (name: string): number => {
      const position = positions.get(name);
      if (position === undefined) throw new TypeError(`the baseline has no segment ${name}`);
      return position;
    };
    this.#positions = positions;
    this.#rest = features.map((feature) => positionOf(segmentName(feature, OTHER_VALUE)));
    this.#pairs = new Int32Array(names.length ** 2).fill(NONE);
    for (const [pair, name] of names.entries()) {
      const [first = '', second] = partsOf(name);
      if (second !== undefined) this.#pairs[positionOf(first) * names.length + positionOf(second)] = pair;
    }
  }

  /** @returns how many slices the event is in; their positions stand at the beginning of `found`. */
  find(event: PredictionEvent): number {
    const { found, features, names } = this;
    segmentsOf(event, features).forEach((name, i) => {
      found[i] = this.#positions.get(name) ?? (this.#rest[i] as number);
    });
    let count = features.length;
    for (let i = 0; i < features.length; i += 1) {
      const row = (found[i] as number) * names.length;
      for (let j = i + 1; j < features.length; j += 1) {
        const pair = this.#pairs[row + (found[j] as number)] as number;
        if (pair !== NONE) found[count++] = pair;
      }
    }
    return count;
  }
}
