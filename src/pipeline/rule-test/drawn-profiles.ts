import type { Millis } from '../../base/clock.ts';
import type { PredictionEvent } from '../../event/events.ts';
import { changeDetectorPolicy } from '../../metrics/change-detector-options.ts';
import type { Baseline } from '../../profile/baseline.ts';
import { BaselineBuilder, BaselineSurvey } from '../../profile/baseline-builder.ts';
import {
  type CountedProfile,
  emptyProfile,
  type FeatureProfile,
  mergeProfile,
} from '../../profile/feature-spec.ts';
import { NOTHING_DECLARED } from '../../profile/feature-survey.ts';
import type { Period } from '../../rules/alert.ts';
import type { RuleTest } from '../../rules/unit-test/rule-test.ts';
import { type ActiveBaseline, BaselineDirectory } from '../baseline-directory.ts';
import type { MeasurePorts } from '../measure-ports.ts';
import type { VersionProfiles } from '../reference-window.ts';
import { DrawnEvents } from './draw-events.ts';

type Profiles = ReadonlyMap<string, CountedProfile>;

/**
 * Draws the traffic of a test: a baseline, and what each interval holds, counted as the daemon counts it. What it cannot have is
 * derived features, natural variability and labels.
 */
export async function drawnMeasurements(test: RuleTest): Promise<MeasurePorts> {
  const events = new DrawnEvents(test);
  const baseline = baselineOf(test, [...events.baseline()]);
  const directory = new BaselineDirectory({
    listActivations: async () => [
      { model: test.model, version: '', appliesFrom: 0, baselineId: baseline.id, reason: 'test' },
    ],
    loadBaselines: async () => new Map([[baseline.id, () => baseline]]),
  });
  await directory.refresh();
  const active = directory.at(test.model, test.version, test.start);
  const intervals = events.counts.map((count, i) =>
    active === undefined ? new Map<string, CountedProfile>() : profilesOf(active, events.interval(i, count)),
  );
  const merged = ({ from, to }: Period): VersionProfiles => {
    const counted = merge(between(test, intervals, from, to), baseline);
    return counted.size === 0 ? new Map() : new Map([[test.version, counted]]);
  };
  const last = Math.max(-1, ...intervals.map((profiles, i) => (profiles.size > 0 ? i : -1)));
  return {
    directory,
    policies: () => ({
      pane: test.interval,
      learn: 0,
      labels: undefined,
      kinds: NOTHING_DECLARED,
      multivariate: false,
      segments: [],
      task: 'classification',
      positive: undefined,
      threshold: 0.5,
      changeDetectors: changeDetectorPolicy(),
    }),
    mergedProfiles: async (_, __, period) => (test.segment === undefined ? merged(period) : new Map()),
    segmentProfiles: async (_, __, period) =>
      test.segment === undefined ? new Map() : new Map([[test.segment, merged(period)]]),
    lastSeen: async () => [
      { version: test.version, first: test.start, last: test.start + last * test.interval },
    ],
    versionsIn: async () => [test.version],
    segmentsIn: async () => (test.segment === undefined ? [] : [test.segment]),
    labelledCells: async () => ({ cells: [], steps: new Map() }),
    numberBias: async () => [],
    errorSums: async () => [],
    segmentSizes: async () => [],
    observedErrors: async () => [],
    errorChanges: async () => [],
  };
}

function baselineOf(test: RuleTest, events: readonly PredictionEvent[]): Baseline {
  const survey = new BaselineSurvey(NOTHING_DECLARED, undefined, false);
  for (const event of events) survey.add(event);
  const builder = new BaselineBuilder(survey.specs(), survey.derived());
  for (const event of events) builder.add(event);
  const about = { model: test.model, version: undefined, pane: test.interval, performance: new Map() };
  return builder.finish(about);
}

/** Empty where there are no events. */
function profilesOf({ recorder }: ActiveBaseline, events: Iterable<PredictionEvent>): Profiles {
  const counts = recorder.empty(() => () => true);
  let rows = 0;
  for (const event of events) {
    rows += 1;
    recorder.record(event, counts);
  }
  recorder.settle();
  if (rows === 0) return new Map();
  return new Map(recorder.features.map(({ name }, i) => [name, counts.profiles[i] as CountedProfile]));
}

function between(
  { start, interval }: RuleTest,
  intervals: readonly Profiles[],
  from: Millis,
  to: Millis,
): Profiles[] {
  const first = Math.max(0, Math.ceil((from - start) / interval));
  return intervals.slice(first, Math.max(first, Math.ceil((to - start) / interval)));
}

function merge(parts: readonly Profiles[], baseline: Baseline): Map<string, FeatureProfile> {
  const merged = new Map<string, FeatureProfile>();
  for (const part of parts) {
    for (const [name, profile] of part) {
      const spec = baseline.features.get(name)?.spec;
      if (spec === undefined) continue;
      const into = merged.get(name) ?? emptyProfile(spec);
      merged.set(name, into);
      mergeProfile(into, profile);
    }
  }
  return merged;
}
