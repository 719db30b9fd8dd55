import { type Random, seededRandom } from '../../src/base/random.ts';
import type { RuleGroup } from '../../src/rules/rule.ts';
import { Driftd } from './driftd.ts';
import { PUBLISHED, PublishedReference } from './published-defaults.ts';
import { type Column, RHYTHMIC } from './source.ts';
import {
  BASELINE_DAYS,
  DAY_HOURS,
  DRIFT_DAY,
  drawHour,
  HOUR,
  joined,
  LIVE_DAYS,
  nameOf,
  SCENARIOS,
  type Scenario,
  shifted,
} from './time-series.ts';
import { DriftdWatcher, PublishedWatcher, rememberedVerdicts, type Seen, type Watcher } from './watcher.ts';

/** Two ways to count alarms: each window by itself, and with the `for` and `clear` of the shipped rules. */
export type Mode = keyof Seen;

const MODES: readonly Mode[] = ['alarmed', 'firing'];

/** What happened to one method in one run. */
export class Diary {
  /** Without any drift: hours of the live time with an alarm of any feature. */
  readonly hours: Record<Mode, number> = { alarmed: 0, firing: 0 };
  /** Without any drift: how often a feature came to alarm that had not in the hour before. */
  readonly begun: Record<Mode, number> = { alarmed: 0, firing: 0 };
  /** Hours with an alarm before the day of the drift, by feature. */
  readonly hoursBefore: Record<Mode, Map<string, number>> = { alarmed: new Map(), firing: new Map() };
  /** Hours from the drift to the end of the first window with an alarm of its feature, as far as there is one. */
  readonly delays: Record<Mode, Map<Scenario, number>> = { alarmed: new Map(), firing: new Map() };
  #last: Seen = { alarmed: new Set(), firing: new Set() };

  note(hour: number, seen: Seen): void {
    for (const mode of MODES) {
      if (seen[mode].size > 0) this.hours[mode] += 1;
      const before = this.hoursBefore[mode];
      for (const feature of seen[mode]) {
        if (!this.#last[mode].has(feature)) this.begun[mode] += 1;
        if (hour < DRIFT_DAY * DAY_HOURS) before.set(feature, (before.get(feature) ?? 0) + 1);
      }
    }
    this.#last = seen;
  }

  noteDrift(scenario: Scenario, hours: number, seen: Seen): void {
    for (const mode of MODES) {
      if (seen[mode].has(nameOf(scenario.feature)) && !this.delays[mode].has(scenario)) {
        this.delays[mode].set(scenario, hours);
      }
    }
  }

  hasFound(scenario: Scenario): boolean {
    return MODES.every((mode) => this.delays[mode].has(scenario));
  }
}

/** One baseline of two weeks and two months after it, without a drift, and with each drift from the middle on. By method. */
export function course(group: RuleGroup, seed: number, onHour: () => void): Map<string, Diary> {
  const random = seededRandom(seed);
  const { driftd, watchers } = begin(group, random);
  const diaries = new Map(watchers.map(({ name }) => [name, new Diary()]));
  let runs: Array<{ scenario: Scenario; watcher: Watcher; diary: Diary }> = [];
  for (let hour = 0; hour < LIVE_DAYS * DAY_HOURS; hour += 1) {
    const sinceDrift = hour - DRIFT_DAY * DAY_HOURS;
    if (sinceDrift === 0) {
      runs = SCENARIOS.flatMap((scenario) =>
        watchers.map((watcher) => ({
          scenario,
          watcher: watcher.copy(),
          diary: diaries.get(watcher.name) as Diary,
        })),
      );
    }
    const clock = hour + BASELINE_DAYS * DAY_HOURS;
    const columns = drawHour(clock, random);
    const profiles = driftd.profiles(columns);
    for (const watcher of watchers) {
      diaries.get(watcher.name)?.note(hour, watcher.see(clock, columns, profiles));
    }
    for (const scenario of new Set(runs.map((run) => run.scenario))) {
      const { feature } = scenario;
      const moved = shifted(columns[feature] as Column, scenario.shift(sinceDrift));
      const otherColumns = columns.with(feature, moved);
      const otherProfiles = driftd.profilesWith(profiles, otherColumns, feature);
      for (const { watcher, diary } of runs.filter((run) => run.scenario === scenario)) {
        diary.noteDrift(scenario, sinceDrift + 1, watcher.see(clock, otherColumns, otherProfiles, feature));
      }
    }
    runs = runs.filter(({ scenario, diary }) => !diary.hasFound(scenario));
    onHour();
  }
  return diaries;
}

/** Draws two weeks, and lets every method make its reference of them. */
function begin(group: RuleGroup, random: Random): { driftd: Driftd; watchers: Watcher[] } {
  const hours = Array.from({ length: BASELINE_DAYS * DAY_HOURS }, (_, hour) => drawHour(hour, random));
  const columns = RHYTHMIC.map((_, feature) => joined(hours, feature));
  const times = hours.flatMap(([column], hour) =>
    Array.from({ length: column?.length ?? 0 }, (_, i) =>
      Math.floor((hour + i / (column?.length ?? 1)) * HOUR),
    ),
  );
  const driftd = new Driftd(group, RHYTHMIC, columns, (row) => times[row] as number);
  const references = RHYTHMIC.map((source, i) => new PublishedReference(source, columns[i] as Column));
  const limits = references.map((reference, i) =>
    reference.limitOver(hours.map((parts) => parts[i] as Column)),
  );
  const verdicts = rememberedVerdicts(references, limits);
  const lastWeek = hours.slice(-7 * DAY_HOURS).map((parts) => driftd.profiles(parts));
  const [rule] = group.rules;
  if (rule === undefined) throw new Error('there is no rule');
  return {
    driftd,
    watchers: [
      new DriftdWatcher(driftd, group),
      new DriftdWatcher(driftd, group, lastWeek),
      ...PUBLISHED.map((_, method) => new PublishedWatcher(method, verdicts, rule.policy)),
    ],
  };
}
