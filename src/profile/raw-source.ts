import { RAW_NUMBER, type RawFeatures, rawKind } from '../event/raw-features.ts';
import type { FeatureSource } from './derived/derive.ts';

/** The features that one derivation reads, where they lie in messages. */
export class RawSource implements FeatureSource {
  readonly #names: readonly string[];
  readonly #positions: Int32Array;
  #raw: RawFeatures | undefined;
  #layout: object | undefined;
  #revision = -1;

  constructor(names: readonly string[]) {
    this.#names = names;
    this.#positions = new Int32Array(names.length);
  }

  /** Looks at the event that was decoded last. */
  look(raw: RawFeatures): void {
    this.#raw = raw;
    if (this.#layout === raw.layout && this.#revision === raw.revision) return;
    this.#layout = raw.layout;
    this.#revision = raw.revision;
    this.#names.forEach((name, place) => {
      this.#positions[place] = raw.position(name);
    });
  }

  numbers(into: Float64Array): void {
    const raw = this.#raw;
    if (raw === undefined) return;
    const { numbers } = raw;
    for (let place = 0; place < into.length; place += 1) {
      const position = this.#positions[place] as number;
      const value = rawKind(raw, position) === RAW_NUMBER ? (numbers[position] as number) : Number.NaN;
      into[place] = Number.isFinite(value) ? value : Number.NaN;
    }
  }

  value(place: number): unknown {
    return this.#raw?.valueAt(this.#positions[place] as number);
  }
}
