import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Millis } from '../../src/base/clock.ts';
import type { PredictionEvent } from '../../src/event/events.ts';
import { naturalLimits, naturalSpreads } from '../../src/metrics/natural-variability.ts';
import type { MetricName } from '../../src/metrics/table.ts';
import { windowMetrics } from '../../src/metrics/window-metrics.ts';
import type { Baseline } from '../../src/profile/baseline.ts';
import { BaselineBuilder, BaselineSurvey } from '../../src/profile/baseline-builder.ts';
import { type Deriver, deriverFor } from '../../src/profile/derived/deriver.ts';
import {
  emptyProfile,
  eventCount,
  type FeatureProfile,
  type FeatureSpec,
  type Recorder,
  recorderFor,
} from '../../src/profile/feature-spec.ts';
import { naturalFor } from '../../src/profile/natural-spread.ts';
import type { Period } from '../../src/rules/alert.ts';
import { evaluateCondition } from '../../src/rules/evaluate-condition.ts';
import { loadRules } from '../../src/rules/load-rules.ts';
import type { RuleGroup } from '../../src/rules/rule.ts';
import type { Subject } from '../../src/rules/subject.ts';
import { type Column, categoryName, type Source } from './source.ts';

const HOUR = 3_600_000;

/** Rules about features as they ship, in the group that they ship in. */
export function shippedFeatureRules(): RuleGroup {
  const file = join(import.meta.dirname, '../../rules/default.yaml');
  const { groups, faults } = loadRules([{ file, text: readFileSync(file, 'utf8') }], {});
  const group = groups.find(({ rules }) => rules.some(({ each }) => each === 'feature'));
  if (group === undefined) throw new Error(`no rules about features: ${faults[0]?.message ?? 'none there'}`);
  return { ...group, rules: group.rules.filter(({ each }) => each === 'feature') };
}

/** Names of alerts, by feature. */
export type Alarms = ReadonlyMap<string, readonly string[]>;

/** What is derived from several features at once, and where among the sources those stand. */
interface Derived {
  readonly deriver: Deriver;
  readonly positions: readonly number[];
}

/** Profiles of a window by feature, those of derived features among them. */
export type WindowProfiles = ReadonlyMap<string, FeatureProfile>;

/** driftd's way from raw values to alarms: the survey, the baseline, profiles, metrics and conditions that the daemon has. */
export class Driftd {
  readonly baseline: Baseline;
  readonly #group: RuleGroup;
  readonly #sources: readonly Source[];
  readonly #specs: ReadonlyMap<string, FeatureSpec>;
  readonly #reference: ReadonlyMap<string, FeatureProfile>;
  readonly #recorders: ReadonlyMap<string, Recorder>;
  readonly #derived: readonly Derived[];
  readonly #names: string[] = [];

  /** @param time of a row of the reference. */
  constructor(
    group: RuleGroup,
    sources: readonly Source[],
    reference: readonly Column[],
    time: (row: number) => Millis,
  ) {
    this.#group = group;
    this.#sources = sources;
    const survey = new BaselineSurvey();
    for (const event of this.#events(reference, time)) survey.add(event);
    const builder = new BaselineBuilder(survey.specs(), survey.derived());
    for (const event of this.#events(reference, time)) builder.add(event);
    this.baseline = builder.finish(
      { model: 'bench', version: undefined, pane: HOUR, performance: new Map() },
      naturalSpreads,
    );
    const features = [...this.baseline.features];
    this.#specs = new Map(features.map(([name, { spec }]) => [name, spec]));
    this.#reference = new Map(features.map(([name, feature]) => [name, feature.reference]));
    this.#recorders = new Map(features.map(([name, { spec }]) => [name, recorderFor(spec)]));
    this.#derived = this.baseline.derivations.map(deriverFor).map((deriver) => ({
      deriver,
      positions: deriver.sources.map((source) => sources.findIndex(({ name }) => name === source)),
    }));
  }

  *#events(columns: readonly Column[], time: (row: number) => Millis): Generator<PredictionEvent> {
    const rows = columns[0]?.length ?? 0;
    for (let row = 0; row < rows; row += 1) {
      const features: Record<string, unknown> = {};
      this.#sources.forEach((source, i) => {
        features[source.name] = this.#raw(source, columns[i]?.[row] as number);
      });
      yield {
        kind: 'prediction',
        model: 'bench',
        version: '1',
        timestamp: time(row),
        predictionId: undefined,
        features,
        prediction: undefined,
        score: undefined,
        label: undefined,
      };
    }
  }

  /** The value as JSON has it. */
  #raw({ kind }: Source, value: number): unknown {
    if (Number.isNaN(value)) return null;
    if (kind === 'numeric') return value;
    this.#names[value] ??= categoryName(value);
    return this.#names[value];
  }

  profiles(columns: readonly Column[]): WindowProfiles {
    return new Map([
      ...this.#sources.map(
        (source, i) => [source.name, this.#profile(source, columns[i] as Column)] as const,
      ),
      ...this.#derivedProfiles(columns),
    ]);
  }

  /** The profiles of the same window, but for the values of one source. */
  profilesWith(profiles: WindowProfiles, columns: readonly Column[], position: number): WindowProfiles {
    const source = this.#sources[position] as Source;
    return new Map([
      ...profiles,
      [source.name, this.#profile(source, columns[position] as Column)],
      ...this.#derivedProfiles(columns),
    ]);
  }

  #profile(source: Source, column: Column): FeatureProfile {
    const { profile, record } = this.#begin(source.name);
    for (const value of column) record(this.#raw(source, value));
    return profile;
  }

  #derivedProfiles(columns: readonly Column[]): Array<readonly [string, FeatureProfile]> {
    return this.#derived.flatMap(({ deriver: { names, derive }, positions }) => {
      const begun = names.map((name) => this.#begin(name));
      const into: Array<number | null> = [];
      let row = 0;
      const source = (place: number): unknown => {
        const position = positions[place] as number;
        return this.#raw(this.#sources[position] as Source, columns[position]?.[row] as number);
      };
      for (const rows = columns[0]?.length ?? 0; row < rows; row += 1) {
        derive(source, into);
        begun.forEach(({ record }, i) => {
          record(into[i]);
        });
      }
      return begun.map(({ profile }, i) => [names[i] as string, profile] as const);
    });
  }

  #begin(name: string): { profile: FeatureProfile; record: (value: unknown) => void } {
    const spec = this.#specs.get(name);
    const record = this.#recorders.get(name);
    if (spec === undefined || record === undefined) throw new Error(`no feature ${name}`);
    const profile = emptyProfile(spec);
    const admit = (): boolean => true;
    return {
      profile,
      record: (value) => {
        record(profile, value, admit);
      },
    };
  }

  /**
   * All features and derived features of a window, as rules see them.
   *
   * @param reference another window to compare with; natural variability is known of the baseline only.
   */
  subjects(profiles: WindowProfiles, window: Period, reference?: WindowProfiles): Subject[] {
    // No rule asks for the bootstrap behind the p-value of wasserstein.
    const metrics = windowMetrics(this.#specs, reference ?? this.#reference, profiles, { draws: 0 });
    return [...profiles].map(([name, profile]) => {
      const measured = metrics.get(name);
      if (measured === undefined) throw new Error(`no metrics of ${name}`);
      return {
        each: 'feature',
        model: 'bench',
        version: '1',
        feature: name,
        featureKind: profile.kind,
        window,
        metrics: measured.window,
        baselineMetrics: measured.reference,
        natural: reference === undefined ? this.#natural(name, window, profile) : new Map(),
        events: eventCount(profile),
      };
    });
  }

  #natural(name: string, { from, to }: Period, profile: FeatureProfile): ReadonlyMap<MetricName, number> {
    const feature = this.baseline.features.get(name);
    const spread = feature && naturalFor(feature.natural, to - from);
    if (feature === undefined || spread === undefined) return new Map();
    const { n } = profile;
    return naturalLimits(spread, { n, baselineN: feature.reference.n, events: eventCount(profile) });
  }

  /** Names of the alerts whose condition holds, by feature. Single windows: `for` and `clear` do not count here. */
  alarms(subjects: readonly Subject[]): Alarms {
    return new Map(
      subjects.map((subject) => [
        subject.feature ?? '',
        this.#group.rules
          .filter(({ condition }) => evaluateCondition(condition, subject).outcome === 'true')
          .map(({ alert }) => alert),
      ]),
    );
  }
}
