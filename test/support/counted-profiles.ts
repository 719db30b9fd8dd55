import type { PredictionEvent } from '../../src/event/events.ts';
import type { Baseline } from '../../src/profile/baseline.ts';
import { EventRecorder } from '../../src/profile/event-recorder.ts';
import {
  type CountedProfile,
  emptyProfile,
  type FeatureProfile,
  mergeProfile,
} from '../../src/profile/feature-spec.ts';

/** What the daemon counts of these events under a baseline, as the store gives it back. */
export function countedProfiles(
  { features, derivations }: Baseline,
  events: readonly PredictionEvent[],
  admits = true,
): ReadonlyMap<string, FeatureProfile> {
  const recorder = new EventRecorder(features, derivations);
  const counts = recorder.empty(() => () => admits);
  for (const event of events) recorder.record(event, counts);
  recorder.settle();
  return new Map(
    recorder.features.map(({ name, spec }, i) => {
      const profile = emptyProfile(spec);
      mergeProfile(profile, counts.profiles[i] as CountedProfile);
      return [name, profile];
    }),
  );
}
