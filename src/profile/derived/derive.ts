/** The features that a derivation reads of the event at hand, by their place in its `sources`. */
export interface FeatureSource {
  /** Writes the finite number at each place, NaN where there is none. */
  numbers(into: Float64Array): void;
  /** The raw value; undefined where there is none. */
  value(place: number): unknown;
}

/** Sees anything that gives raw values as a source. */
export function sourceOfValues(value: (place: number) => unknown): FeatureSource {
  return {
    value,
    numbers: (into) => {
      for (let place = 0; place < into.length; place += 1) {
        const given = value(place);
        into[place] = typeof given === 'number' && Number.isFinite(given) ? given : Number.NaN;
      }
    },
  };
}

/** Writes one entry for each name, from `into[0]` on: a number, null where it is missing, NaN where it is invalid. */
export type Derive = (source: FeatureSource, into: Array<number | null>) => void;
