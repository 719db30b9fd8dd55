/** Gives the raw values of the features that a derivation reads of one event, by their place in its `sources`; undefined where there is none. */
export type FeatureSource = (place: number) => unknown;

/** Writes one entry for each name, from `into[0]` on: a number, null where it is missing, NaN where it is invalid. */
export type Derive = (source: FeatureSource, into: Array<number | null>) => void;
