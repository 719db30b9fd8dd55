import { type AlertState, step } from '../../src/rules/alert-state.ts';
import { evaluateGroup } from '../../src/rules/evaluate-group.ts';
import type { FiringPolicy } from '../../src/rules/firing-policy.ts';
import type { GroupStates } from '../../src/rules/remembered-alerts.ts';
import type { RuleGroup } from '../../src/rules/rule.ts';
import type { Driftd, WindowProfiles } from './driftd.ts';
import { PUBLISHED, type PublishedReference } from './published-defaults.ts';
import { type Column, RHYTHMIC, type Source } from './source.ts';
import { HOUR } from './time-series.ts';

/** The features about which one method says something in one hour. */
export interface Seen {
  /** In this window by itself. */
  readonly alarmed: ReadonlySet<string>;
  /** With `for` and `clear`. */
  readonly firing: ReadonlySet<string>;
}

/** Follows one method over the hours. Copies go ways of their own. */
export interface Watcher {
  readonly name: string;
  /** @param only where the answer is wanted for one feature alone; a method may then skip the others. */
  see(hour: number, columns: readonly Column[], profiles: WindowProfiles, only?: number): Seen;
  copy(): Watcher;
}

export class DriftdWatcher implements Watcher {
  readonly name: string;
  readonly #driftd: Driftd;
  readonly #group: RuleGroup;
  /** Windows of the week before, the oldest first; undefined where windows are compared with the baseline. */
  readonly #lastWeek: WindowProfiles[] | undefined;
  #states: GroupStates;

  constructor(
    driftd: Driftd,
    group: RuleGroup,
    lastWeek?: readonly WindowProfiles[],
    states: GroupStates = {},
  ) {
    this.name = lastWeek === undefined ? 'driftd' : 'driftd, last week';
    this.#driftd = driftd;
    this.#group = group;
    this.#lastWeek = lastWeek === undefined ? undefined : [...lastWeek];
    this.#states = states;
  }

  see(hour: number, _columns: readonly Column[], profiles: WindowProfiles): Seen {
    const window = { from: hour * HOUR, to: (hour + 1) * HOUR };
    const subjects = this.#driftd.subjects(profiles, window, this.#lastWeek?.shift());
    this.#lastWeek?.push(profiles);
    const outcome = evaluateGroup({
      group: this.#group,
      instant: window.to,
      window,
      subjects,
      undecided: { inputs: new Set(), performance: new Set() },
      states: this.#states,
    });
    this.#states = outcome.states;
    const alarms = this.#driftd.alarms(subjects);
    return {
      alarmed: new Set([...alarms].flatMap(([feature, alerts]) => (alerts.length > 0 ? [feature] : []))),
      firing: new Set(outcome.active.map(({ labels }) => labels['feature'] ?? '')),
    };
  }

  copy(): DriftdWatcher {
    return new DriftdWatcher(this.#driftd, this.#group, this.#lastWeek, this.#states);
  }
}

/** A published default, with the `for` and `clear` of driftd's own rules, so that these are no advantage of driftd. */
export class PublishedWatcher implements Watcher {
  readonly name: string;
  readonly #method: number;
  readonly #verdicts: VerdictsOf;
  readonly #policy: FiringPolicy;
  readonly #states: Map<number, AlertState>;

  constructor(
    method: number,
    verdicts: VerdictsOf,
    policy: FiringPolicy,
    states: ReadonlyMap<number, AlertState> = new Map(),
  ) {
    this.name = PUBLISHED[method]?.name ?? '';
    this.#method = method;
    this.#verdicts = verdicts;
    this.#policy = policy;
    this.#states = new Map(states);
  }

  see(hour: number, columns: readonly Column[], _profiles: WindowProfiles, only?: number): Seen {
    const alarmed = new Set<string>();
    const firing = new Set<string>();
    columns.forEach((column, feature) => {
      if (only !== undefined && feature !== only) return;
      const { name } = RHYTHMIC[feature] as Source;
      const holds = this.#verdicts(feature, column)[this.#method] === true;
      const { state } = step(this.#states.get(feature), holds ? 'true' : 'false', this.#policy, hour * HOUR);
      if (state === undefined) this.#states.delete(feature);
      else this.#states.set(feature, state);
      if (holds) alarmed.add(name);
      if (state?.phase === 'firing') firing.add(name);
    });
    return { alarmed, firing };
  }

  copy(): PublishedWatcher {
    return new PublishedWatcher(this.#method, this.#verdicts, this.#policy, this.#states);
  }
}

/** The answers of all published defaults about one column. */
export type VerdictsOf = (feature: number, column: Column) => ReadonlyArray<boolean | undefined>;

/** Compares each column once, whichever method asks. */
export function rememberedVerdicts(
  references: readonly PublishedReference[],
  limits: ReadonlyArray<number | undefined>,
): VerdictsOf {
  const known = new WeakMap<Column, ReadonlyArray<boolean | undefined>>();
  return (feature, column) => {
    const before = known.get(column);
    if (before !== undefined) return before;
    const verdicts = references[feature]?.verdicts(column, limits[feature]) ?? [];
    known.set(column, verdicts);
    return verdicts;
  };
}
