/** Gives the raw value of a feature of the event at hand; `position` is its place in the deriver's `sources`. */
export type ReadFeature = (feature: string, position: number) => unknown;

/** Writes one entry for each name, from `into[0]` on: a number, null where it is missing, NaN where it is invalid. */
export type Derive = (read: ReadFeature, into: Array<number | null>) => void;
