import type { PredictionEvent } from '../event/events.ts';
import { type BaselineSegment, type BaselineSegments, baselineSegment } from './baseline-segment.ts';
import { CompactLayout, CompactProfiles } from './compact-profiles.ts';
import type { CountedRow } from './counted-row.ts';
import type { FeatureSpec } from './feature-spec.ts';
import type { ReferenceValue } from './reference-value.ts';
import { SegmentIndex } from './segment-index.ts';
import type { SegmentNames } from './segment-survey.ts';

/** How well the model did, by slice. */
export type SegmentPerformance = ReadonlyMap<string, ReadonlyMap<string, ReferenceValue>>;

/** Cells of all slices of a baseline together: 12 MB, and twice that where some count is above 65 535. */
const MOST_CELLS = 6_000_000;

/** Counts the slices of a reference beside the whole. */
export class SegmentBuilder {
  readonly index: SegmentIndex;
  readonly #layout: CompactLayout;
  readonly #profiles: readonly CompactProfiles[];
  readonly #rows: Float64Array;

  /** @param features in the order in which they are called by their position. */
  constructor({ features, names }: SegmentNames, profiled: ReadonlyArray<[name: string, spec: FeatureSpec]>) {
    this.#layout = new CompactLayout(profiled);
    const most = Math.floor(MOST_CELLS / Math.max(1, this.#layout.width));
    // The rest of each feature comes first, and the largest slices next.
    const kept = names.slice(0, Math.max(features.length, most));
    this.index = new SegmentIndex(features, kept);
    this.#profiles = kept.map(() => new CompactProfiles(this.#layout));
    this.#rows = new Float64Array(kept.length);
  }

  /** Counts the first `size` values of an event. */
  add(event: PredictionEvent, row: CountedRow, size: number): void {
    const count = this.index.find(event);
    for (let i = 0; i < count; i += 1) {
      const slice = this.index.found[i] as number;
      this.#rows[slice]! += 1;
      this.#profiles[slice]?.add(row, size, isNotAdmitted);
    }
  }

  finish(performance: SegmentPerformance = new Map()): BaselineSegments {
    const { features, names } = this.index;
    const known = new Map<string, BaselineSegment>();
    names.forEach((name, i) => {
      const packed = this.#profiles[i] as CompactProfiles;
      known.set(name, baselineSegment(this.#rows[i] as number, packed, performance.get(name)));
    });
    return { features, known };
  }
}

function isNotAdmitted(): boolean {
  return false;
}
