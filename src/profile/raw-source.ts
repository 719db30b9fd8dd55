import type { RawFeatures } from '../event/raw-features.ts';
import type { FeatureSource } from './derived/derive.ts';

/** The features that one derivation reads, where they lie in messages. */
export class RawSource {
  readonly #names: readonly string[];
  #positions: readonly number[] = [];
  #raw: RawFeatures | undefined;
  #layout: object | undefined;
  #revision = -1;

  constructor(names: readonly string[]) {
    this.#names = names;
  }

  /** Looks at the event that was decoded last. */
  look(raw: RawFeatures): void {
    this.#raw = raw;
    if (this.#layout === raw.layout && this.#revision === raw.revision) return;
    this.#layout = raw.layout;
    this.#revision = raw.revision;
    this.#positions = this.#names.map((name) => raw.position(name));
  }

  /** Reads the event that was looked at last. */
  readonly read: FeatureSource = (place) => this.#raw?.valueAt(this.#positions[place] as number);
}
