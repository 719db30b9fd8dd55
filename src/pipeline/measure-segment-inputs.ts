import { adjustTogether, featureMetrics, type OpenMetrics } from '../metrics/window-metrics.ts';
import type { Baseline } from '../profile/baseline.ts';
import type { FeatureProfile } from '../profile/feature-spec.ts';
import type { Period } from '../rules/alert.ts';
import {
  describedFeatures,
  type FeatureMeasurements,
  optionsFor,
  type PeriodMeasurements,
  type Population,
  periodMeasurements,
} from './measure-period.ts';
import type { MeasurePorts } from './measure-ports.ts';
import { loadReference, type VersionProfiles } from './reference-window.ts';
import { Turns } from './turns.ts';

type Profiles = ReadonlyMap<string, FeatureProfile>;

/** What a segment's features are in a window and in its reference, before they are adjusted for one another. */
interface Compared {
  readonly reference: Profiles;
  readonly current: Profiles;
  readonly features: ReadonlyMap<string, OpenMetrics>;
}

const NOTHING: VersionProfiles = new Map();

/**
 * Loads what one period holds of segments, all of them at once, and compares each with the same segment of the reference.
 *
 * The q-values of a version adjust over the features of all segments: those who look at many of them shall not be alarmed
 * more often than those who look at one.
 */
export async function measureSegmentInputs(
  population: Omit<Population, 'segment'>,
  segments: readonly string[],
  period: Period,
  ports: MeasurePorts,
): Promise<(segment: string) => PeriodMeasurements> {
  const { group, model, baseline } = population;
  const loaded = new Map<string, Promise<ReadonlyMap<string, VersionProfiles>>>();
  const merged = async (of: Period, segment: string): Promise<VersionProfiles> => {
    const key = `${of.from}-${of.to}`;
    const all = loaded.get(key) ?? ports.segmentProfiles(baseline, model, of, segments);
    loaded.set(key, all);
    return (await all).get(segment) ?? NOTHING;
  };
  const turns = new Turns();
  const versions = new Map<string, Map<string, Compared>>();
  const profiles = new Map<string, VersionProfiles>();
  const specs = new Map([...baseline.features].map(([name, { spec }]) => [name, spec]));
  for (const segment of segments) {
    const current = await merged(period, segment);
    profiles.set(segment, current);
    const known = referencesOf(baseline, segment);
    const referenceOf = await loadReference(group.against, period, known, current, (of) =>
      merged(of, segment),
    );
    for (const [version, ofVersion] of current) {
      if (turns.isOver()) await turns.pause();
      const reference = referenceOf(version);
      const compared = versions.get(version) ?? new Map<string, Compared>();
      versions.set(version, compared);
      const features = featureMetrics(specs, reference, ofVersion, optionsFor(group));
      compared.set(segment, { reference, current: ofVersion, features });
    }
  }
  for (const compared of versions.values())
    adjustTogether(Array.from(compared.values(), ({ features }) => features));
  return (segment) => {
    const about = { ...population, segment };
    const features = (version: string): ReadonlyMap<string, FeatureMeasurements> => {
      const compared = versions.get(version)?.get(segment);
      if (compared === undefined) return new Map();
      return describedFeatures(about, period, compared.reference, compared.current, compared.features);
    };
    return periodMeasurements(about, ports, profiles.get(segment) ?? NOTHING, features);
  };
}

function referencesOf({ segments }: Baseline, segment: string): Profiles {
  return segments?.known.get(segment)?.references ?? new Map();
}
