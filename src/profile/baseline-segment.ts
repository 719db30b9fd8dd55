import type { CompactProfiles } from './compact-profiles.ts';
import type { FeatureProfile } from './feature-spec.ts';
import type { ReferenceValue } from './reference-value.ts';

/** What a baseline knows of one slice of its reference. */
export interface BaselineSegment {
  /** Reference events in it. */
  readonly rows: number;
  /** Its profiles by feature, under the specs of the whole. Unpacked whenever they are asked for. */
  readonly references: ReadonlyMap<string, FeatureProfile>;
  /** How well the model did on the labelled ones. */
  readonly performance: ReadonlyMap<string, ReferenceValue>;
  /** The same profiles as they are kept. */
  readonly packed: CompactProfiles;
}

/** The slices that are profiled under a baseline: it says which, so that whoever counts the same events counts the same slices. */
export interface BaselineSegments {
  /** The declared features. */
  readonly features: readonly string[];
  /** By name; one called `feature=__other__` is among them for each declared feature. */
  readonly known: ReadonlyMap<string, BaselineSegment>;
}

export function baselineSegment(
  rows: number,
  packed: CompactProfiles,
  performance: ReadonlyMap<string, ReferenceValue> = new Map(),
): BaselineSegment {
  return {
    rows,
    performance,
    packed,
    get references() {
      return packed.expand();
    },
  };
}
