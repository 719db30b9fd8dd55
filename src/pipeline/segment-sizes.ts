import type { SegmentSize } from '../store/segment-sizes.ts';

/** So many segments of a window are judged by their labels, the largest ones. */
export const MOST_LABELLED_SEGMENTS = 100;

/** A segment with fewer predictions in a window says nothing about itself. */
export const LEAST_PREDICTIONS = 30;

/** How many predictions a window has of each version and segment. */
export class SegmentSizes {
  readonly #sizes = new Map<string, Map<string, number>>();

  constructor(sizes: readonly SegmentSize[]) {
    for (const { version, segment, predictions } of sizes) {
      const segments = this.#sizes.get(version) ?? new Map<string, number>();
      this.#sizes.set(version, segments);
      segments.set(segment, predictions);
    }
  }

  get versions(): string[] {
    return [...this.#sizes.keys()];
  }

  /** @param segment '' for all of the version */
  of(version: string, segment: string): number {
    return this.#sizes.get(version)?.get(segment) ?? 0;
  }

  /** Predictions of all of these segments, added up: one that belongs to several counts several times. */
  total(segments: readonly string[]): number {
    return this.versions.reduce(
      (sum, version) => sum + segments.reduce((all, segment) => all + this.of(version, segment), 0),
      0,
    );
  }

  /** How many of these segments say something about themselves. */
  judged(version: string, segments: readonly string[]): number {
    return segments.filter((segment) => this.of(version, segment) >= LEAST_PREDICTIONS).length;
  }

  /** The largest segments that are wanted, over all versions that are, and how many are left out. @param wantsSegment default: all */
  largest(
    wantsVersion: (version: string) => boolean,
    wantsSegment: (segment: string) => boolean = () => true,
  ): { readonly segments: readonly string[]; readonly leftOut: number } {
    const sums = new Map<string, number>();
    for (const [version, segments] of this.#sizes) {
      if (!wantsVersion(version)) continue;
      for (const [segment, predictions] of segments) {
        if (segment === '' || !wantsSegment(segment)) continue;
        sums.set(segment, (sums.get(segment) ?? 0) + predictions);
      }
    }
    const ranked = [...sums].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([segment]) => segment);
    return {
      segments: ranked.slice(0, MOST_LABELLED_SEGMENTS),
      leftOut: Math.max(0, ranked.length - MOST_LABELLED_SEGMENTS),
    };
  }
}
