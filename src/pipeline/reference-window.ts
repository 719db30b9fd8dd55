import type { Millis } from '../base/clock.ts';
import type { FeatureProfile } from '../profile/feature-spec.ts';
import type { Against } from '../rules/against.ts';
import type { Period } from '../rules/alert.ts';

const WEEK: Millis = 7 * 24 * 3_600_000;

/** Profiles of one model in a period: by version, then by feature. */
export type VersionProfiles = ReadonlyMap<string, ReadonlyMap<string, FeatureProfile>>;

/** Finds what each version's window is compared with. */
export type ReferenceOf = (version: string) => ReadonlyMap<string, FeatureProfile>;

/**
 * Loads the reference that a rule group asks for. Every reference but the baseline is itself a window, on the same grid.
 *
 * @param reference the baseline's own profiles, by feature.
 * @param merged merges the panes of a period, under the same baseline.
 */
export async function loadReference(
  against: Against,
  window: Period,
  reference: ReadonlyMap<string, FeatureProfile>,
  current: VersionProfiles,
  merged: (period: Period) => Promise<VersionProfiles>,
): Promise<ReferenceOf> {
  const nothing: ReadonlyMap<string, FeatureProfile> = new Map();
  const length = window.to - window.from;
  switch (against.kind) {
    case 'baseline':
      return () => reference;
    case 'version':
      // A version is not compared with itself: that window has nothing to tell.
      return (version) => (version === against.version ? nothing : (current.get(against.version) ?? nothing));
    case 'previous':
      return byVersion(await merged({ from: window.from - length, to: window.from }));
    case 'same_window_last_week':
      return byVersion(await merged({ from: window.from - WEEK, to: window.to - WEEK }));
    case 'rolling':
      return byVersion(await merged({ from: window.from - against.span, to: window.from }));
  }
}

function byVersion(profiles: VersionProfiles): ReferenceOf {
  return (version) => profiles.get(version) ?? new Map();
}
