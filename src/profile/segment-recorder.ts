import type { PredictionEvent } from '../event/events.ts';
import type { BaselineSegments } from './baseline-segment.ts';
import type { CountedCategorical } from './categorical-profile.ts';
import { CompactLayout } from './compact-profiles.ts';
import { CountedRow } from './counted-row.ts';
import type { CountedProfile, FeatureSpec } from './feature-spec.ts';
import { SegmentCounts } from './segment-counts.ts';
import { SegmentIndex } from './segment-index.ts';

/** Counts events in the slices that they lie in, after they were counted as a part of the whole. */
export class SegmentRecorder {
  /** To be filled with each event before it is counted. */
  readonly row: CountedRow;
  readonly #index: SegmentIndex;
  readonly #layout: CompactLayout;

  /** @param profiled the features in the order of the row. */
  constructor(
    profiled: ReadonlyArray<{ readonly name: string; readonly spec: FeatureSpec }>,
    { features, known }: BaselineSegments,
  ) {
    this.row = new CountedRow(profiled.map(({ spec }) => spec));
    this.#index = new SegmentIndex(features, [...known.keys()]);
    this.#layout = new CompactLayout(profiled.map(({ name, spec }) => [name, spec]));
  }

  /** The names of the slices, which are called by their position. */
  get names(): readonly string[] {
    return this.#index.names;
  }

  /** Counts of no event. @param mayBegin asked before a slice takes memory. */
  empty(mayBegin: () => boolean): SegmentCounts {
    return new SegmentCounts(this.#layout, this.names.length, mayBegin);
  }

  /** @param whole the profiles in which the event was counted already: what they have no name for, slices have none for. */
  record(event: PredictionEvent, counts: SegmentCounts, whole: readonly CountedProfile[]): void {
    const found = this.#index.find(event);
    const admits = (feature: number, category: string): boolean =>
      (whole[feature] as CountedCategorical).extra.has(category);
    for (let i = 0; i < found; i += 1) counts.add(this.#index.found[i] as number, this.row, admits);
  }
}
