import type { PredictionEvent } from '../event/events.ts';
import { OTHER_VALUE, pairName, partsOf, segmentName, segmentsOf } from '../event/segments.ts';
import { FrequentItems } from '../stats/frequent/frequent-items.ts';

/** Reference events that a slice needs to be profiled by itself: fewer tell little of its distributions. */
export const FEWEST_IN_SEGMENT = 100;

/** Slices of one baseline besides the ones for the rest. */
export const MOST_SEGMENTS = 100;

/** Values of a feature (and of two) that are counted at a time. One in 10 000 events and more is never missed. */
const CANDIDATES = 10_000;

/** The slices that are to be profiled under a baseline. */
export interface SegmentNames {
  /** The declared features. */
  readonly features: readonly string[];
  /** First the rest of each feature, which is always there; then single values, and then pairs, the largest first. */
  readonly names: readonly string[];
}

/** First pass over a reference: finds the slices that are large enough. */
export class SegmentSurvey {
  readonly #features: readonly string[];
  readonly #singles: readonly FrequentItems[];
  readonly #pairs: readonly FrequentItems[];

  constructor(features: readonly string[]) {
    const counters = (count: number): FrequentItems[] =>
      Array.from({ length: count }, () => new FrequentItems(CANDIDATES));
    this.#features = features;
    this.#singles = counters(features.length);
    this.#pairs = counters((features.length * (features.length - 1)) / 2);
  }

  add(event: PredictionEvent): void {
    const singles = segmentsOf(event, this.#features);
    let pair = 0;
    singles.forEach((single, i) => {
      this.#singles[i]?.offer(single);
      for (let j = i + 1; j < singles.length; j += 1, pair += 1)
        this.#pairs[pair]?.offer(pairName(single, singles[j] as string));
    });
  }

  names(): SegmentNames {
    const rest = this.#features.map((feature) => segmentName(feature, OTHER_VALUE));
    const isRest = (name: string): boolean => rest.includes(name);
    const singles = largest(this.#singles).filter((name) => !isRest(name));
    const kept = singles.slice(0, MOST_SEGMENTS);
    const isKept = (name: string): boolean => kept.includes(name);
    const pairs = largest(this.#pairs).filter((name) => partsOf(name).every(isKept));
    return { features: this.#features, names: [...rest, ...[...kept, ...pairs].slice(0, MOST_SEGMENTS)] };
  }
}

/** Those that are large enough, the largest first and then by name: the same counts always give the same order. */
function largest(counted: readonly FrequentItems[]): string[] {
  return counted
    .flatMap(({ held }) => [...held])
    .filter(([, count]) => count >= FEWEST_IN_SEGMENT)
    .sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
    .map(([name]) => name);
}
