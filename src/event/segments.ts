import type { PredictionEvent } from './events.ts';

/** Stands for a value that an event does not have. */
const MISSING_VALUE = '__missing__';

/** Stands for values that no segment is kept for: lists, objects, texts that are too long, and those past a bound. */
export const OTHER_VALUE = '__other__';

/** Longest value that has a segment, in UTF-16 units. */
const VALUE_LENGTH = 256;

/** Features by whose values a model may be looked at in slices; with their pairs, that makes fifteen segments an event. */
export const MAX_SEGMENT_FEATURES = 5;

/** True for a feature whose segments have names that can be read back. */
export function isSegmentFeature(feature: string): boolean {
  return /^[^=,\\]{1,256}$/.test(feature) && feature.isWellFormed();
}

/**
 * The segments of one feature that an event belongs to, one for each declared feature and in their order, such as
 * `country=DE`. Commas and backslashes of a value are escaped by a backslash.
 */
export function segmentsOf(event: PredictionEvent, declared: readonly string[]): string[] {
  return declared.map((feature) => segmentName(feature, valueIn(event, feature)));
}

/** The name of the segment in which a feature has a value, as JSON gives it. */
export function segmentName(feature: string, value: unknown): string {
  return `${feature}=${valueText(value)}`;
}

/** The segment of an event in two features: the names of both, in the order in which they were declared. */
export function pairName(first: string, second: string): string {
  return `${first},${second}`;
}

/** All segments that an event belongs to: those of single features first, then those of each pair of them. */
export function withPairs(singles: readonly string[]): string[] {
  const pairs = singles.flatMap((first, i) => singles.slice(i + 1).map((second) => pairName(first, second)));
  return [...singles, ...pairs];
}

/** The segments of single features that make up a segment: one, or the two of a pair. */
export function partsOf(segment: string): string[] {
  return segment.match(/(?:[^,\\]|\\.)+/gs) ?? [];
}

function valueIn({ raw, features }: PredictionEvent, feature: string): unknown {
  if (raw !== undefined) return raw.valueAt(raw.position(feature));
  return Object.hasOwn(features, feature) ? features[feature] : undefined;
}

function valueText(value: unknown): string {
  if (value === undefined || value === null) return MISSING_VALUE;
  const text = typeof value === 'object' ? undefined : String(value);
  if (text === undefined || text.length > VALUE_LENGTH || !text.isWellFormed()) return OTHER_VALUE;
  return text.replaceAll(/[,\\]/g, '\\$&');
}
