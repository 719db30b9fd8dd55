import type { Clock, Millis } from '../base/clock.ts';
import type { RetrainRequest } from '../notify/notification.ts';
import type { RetrainDecision } from '../notify/retrain.ts';
import type { Alert, AlertTransition, Period } from '../rules/alert.ts';
import type { GroupOutcome } from '../rules/evaluate-group.ts';
import { needsLabels } from '../rules/needs-labels.ts';
import type { GroupStates } from '../rules/remembered-alerts.ts';
import { OWN_GROUP, type RuleGroup } from '../rules/rule.ts';
import { nextInstant } from '../rules/schedule.ts';
import type { WindowHistory } from '../rules/window-history.ts';
import type { EvaluationRow } from '../store/evaluations.ts';
import type { Dispatching } from './dispatch-clock.ts';
import type { ErrorStreams } from './error-streams.ts';
import { LabelWatch, type LogPosition } from './label-watch.ts';
import type { Measured } from './measure-ports.ts';
import type { LabelMemory } from './measure-with-labels.ts';
import { retiredGroup } from './retired-group.ts';

/** Everything that one evaluation decided. Stored as one row, which commits it. */
export interface EvaluationOutcome {
  readonly states: GroupStates;
  readonly transitions: readonly AlertTransition[];
  readonly retrains: readonly RetrainRequest[];
  readonly suppressed: RetrainDecision['suppressed'];
  /** Of groups with rules that need labels. */
  readonly labels?: { readonly history: WindowHistory; readonly position: LogPosition };
}

/** What a group knows of the windows before. */
interface Remembered extends LabelMemory {
  readonly states: GroupStates;
}

/**
 * The same question gets the same answer, whoever asks and however often. `rows` go to the table `metrics`, `details` to
 * `performance_details`.
 */
export type Judge = (
  group: RuleGroup,
  instant: Millis,
  before: Remembered,
  signal: AbortSignal,
) => Promise<GroupOutcome & Pick<Measured, 'rows' | 'details'>>;

export interface EvaluatorPorts {
  readonly clock: Clock;
  /** Measures what a group looks at in the window that ends at an instant, and moves its alerts on by that window. */
  readonly judge: Judge;
  /** The streams of errors, which change detectors look at. */
  readonly errorStreams: Pick<ErrorStreams, 'takeOver' | 'release' | 'advance'>;
  /** @param details rows of `performance_details` */
  readonly saveMetrics: (rows: readonly object[], details: readonly object[]) => Promise<void>;
  /** Saves the metrics of windows that still wait for more labels to come. Undefined where nobody needs them. */
  readonly measureTheRest?: (
    group: RuleGroup,
    instant: Millis,
    memory: LabelMemory,
    signal: AbortSignal,
  ) => Promise<void>;
  readonly retrainsFor: (
    instant: Millis,
    window: Period,
    alerts: Pick<EvaluationOutcome, 'transitions'> & { readonly active: readonly Alert[] },
  ) => Promise<RetrainDecision>;
  readonly newestEvaluations: () => Promise<readonly EvaluationRow[]>;
  readonly saveEvaluation: (row: EvaluationRow) => Promise<void>;
  /** Writes what a committed evaluation decided to the tables that people read. May be asked twice for the same. */
  readonly project: (outcome: EvaluationOutcome) => Promise<void>;
  /** Tells people what was found. */
  readonly dispatching: Dispatching;
  /** Starts the delivery of what the store holds as not sent. */
  readonly deliver: () => Promise<void>;
  /** When there first was something that a group may look at, or undefined before there is. */
  readonly firstTime: (group: RuleGroup) => Promise<Millis | undefined>;
  readonly onEvaluated: (
    group: RuleGroup,
    instant: Millis,
    outcome: EvaluationOutcome,
    active: readonly Alert[],
    seconds: number,
  ) => void;
}

interface GroupMemory {
  /** The newest evaluated instant; undefined before the first. */
  instant: Millis | undefined;
  /** Instants up to here are done, or lie before the group's beginning. Undefined until there is data. */
  after: Millis | undefined;
  next: NextInstant | undefined;
  states: GroupStates;
  history: WindowHistory | undefined;
  readonly watch: LabelWatch;
}

/** What follows upon `after` by a schedule; undefined where nothing does. Asked for every few seconds, and another one once an instant is done. */
interface NextInstant {
  readonly schedule: string;
  readonly after: Millis;
  readonly instant: Millis | undefined;
}

/**
 * Evaluates rule groups at their instants, in order, each instant once.
 *
 * An evaluation is committed by one row that holds all it decided; the tables that people read are written from that
 * row afterwards. So a crash at any point either repeats the whole evaluation, with the same ids, or none of it.
 */
export class Evaluator {
  #groups: readonly RuleGroup[];
  readonly #ports: EvaluatorPorts;
  readonly #backfill: Millis;
  #memory: Map<string, GroupMemory> | undefined;

  constructor(groups: readonly RuleGroup[], backfill: Millis, ports: EvaluatorPorts) {
    this.#groups = groups;
    this.#backfill = backfill;
    this.#ports = ports;
  }

  /** Takes over from whoever evaluated before: reads the newest evaluations and finishes what they may have left. */
  async takeOver(): Promise<void> {
    const memory = new Map<string, GroupMemory>();
    for (const { ruleGroup, instant, outcome: text } of await this.#ports.newestEvaluations()) {
      const outcome = JSON.parse(text) as EvaluationOutcome;
      await this.#ports.project(outcome);
      memory.set(ruleGroup, {
        instant,
        after: instant,
        next: undefined,
        states: outcome.states,
        history: outcome.labels?.history,
        watch: new LabelWatch(outcome.labels?.position),
      });
    }
    await this.#ports.errorStreams.takeOver();
    await this.#ports.deliver();
    await this.#ports.dispatching.takeOver();
    this.#memory = memory;
  }

  /**
   * Evaluates these groups from the next instant on. Each goes on where it was, by its name, with the alerts that it has;
   * what is on in a group that is no longer there resolves.
   */
  setGroups(groups: readonly RuleGroup[]): void {
    this.#groups = groups;
  }

  /** Forgets what it knows, because another instance may go on. */
  release(): void {
    this.#memory = undefined;
    this.#ports.errorStreams.release();
    this.#ports.dispatching.release();
  }

  get isActive(): boolean {
    return this.#memory !== undefined;
  }

  /** All alerts that are pending or fire. */
  alerts(): Alert[] {
    return [...(this.#memory?.values() ?? [])].flatMap(({ states }) =>
      Object.values(states).map(({ alert }) => alert),
    );
  }

  evaluatedUpTo(group: string): Millis | undefined {
    return this.#memory?.get(group)?.instant;
  }

  /** False when it is certain that no instant is due at `limit`. Costs nothing. */
  mayBeDue(limit: Millis): boolean {
    if (this.#retired() !== undefined) return true;
    return this.#groups.some((group) => {
      const memory = this.#memory?.get(group.name);
      return memory?.after === undefined || nextOf(group, memory, limit) !== undefined;
    });
  }

  /**
   * Evaluates every instant that is due, of all groups in order of time.
   *
   * @param limit event time up to which the store has everything.
   * @param ready asked per group; false leaves its instants for later (its labels have not come so far).
   * @param signal ends it; what is being evaluated then is not committed.
   * @returns the number of evaluations.
   */
  async evaluateUpTo(
    limit: Millis,
    ready: (group: RuleGroup, instant: Millis) => boolean,
    signal: AbortSignal,
  ): Promise<number> {
    let count = 0;
    let instant: Millis | undefined;
    for (;;) {
      const next = await this.#next(limit, ready);
      if (next === undefined || signal.aborted || this.#memory === undefined) return count;
      // What the windows so far have shown is told before the next ones are looked at: in a backlog they are over by then.
      if (next.instant !== instant) await this.dispatch(next.instant);
      if (this.#memory === undefined) return count;
      instant = next.instant;
      await this.#evaluate(next.group, next.instant, next.memory, signal);
      count += 1;
    }
  }

  /** Computes every window anew that has got labels since it last was. For a log that is read to its end. */
  async settle(limit: Millis, signal: AbortSignal): Promise<void> {
    for (const group of this.#groups) {
      const memory = this.#memory?.get(group.name);
      if (memory !== undefined) await this.#ports.measureTheRest?.(group, limit, memory, signal);
    }
  }

  /**
   * Evaluates driftd's own group, whose windows go by the clock and not by the time of events: the instants of the last
   * `reach` milliseconds, so that a longer time in which nobody evaluated is passed over; none from before anything was read.
   */
  async evaluateOwn(now: Millis, reach: Millis, signal: AbortSignal): Promise<void> {
    const group = this.#groups.find(({ name }) => name === OWN_GROUP);
    const memory = group && this.#memoryOf(group.name);
    if (group === undefined || memory === undefined) return;
    memory.after ??= await this.#ports.firstTime(group);
    if (memory.after === undefined) return;
    for (;;) {
      memory.after = Math.max(memory.after, now - reach);
      const instant = nextOf(group, memory, now);
      if (instant === undefined || signal.aborted) return;
      // As in evaluateUpTo: an alert that began an hour ago and is over by now is told as well.
      await this.dispatch(instant);
      if (this.#memory === undefined) return;
      await this.#evaluate(group, instant, memory, signal);
    }
  }

  /** Tells people what is due to be told, with what is known; `before` is the next instant that is due, if there is one. */
  async dispatch(before?: Millis): Promise<void> {
    const horizon = this.horizon();
    if (horizon === undefined) return;
    const firing = this.alerts().filter(({ status }) => status === 'firing');
    await this.#ports.dispatching.catchUp({ firing, horizon }, before);
  }

  /** The newest instant at which any group was evaluated; that of driftd's own, which runs ahead, only if there is no other. */
  horizon(): Millis | undefined {
    const instants = [...(this.#memory ?? [])].flatMap(([name, { instant }]) =>
      instant === undefined || name === OWN_GROUP ? [] : [instant],
    );
    return instants.length === 0 ? this.#memory?.get(OWN_GROUP)?.instant : Math.max(...instants);
  }

  async #next(
    limit: Millis,
    ready: (group: RuleGroup, instant: Millis) => boolean,
  ): Promise<{ group: RuleGroup; instant: Millis; memory: GroupMemory } | undefined> {
    const retired = this.#retired();
    if (retired !== undefined) {
      const { group, memory } = retired;
      return { group, memory, instant: Math.max(limit, (memory.instant ?? 0) + 1) };
    }
    let first: { group: RuleGroup; instant: Millis; memory: GroupMemory } | undefined;
    for (const group of this.#groups) {
      const memory = this.#memoryOf(group.name);
      if (memory === undefined) continue;
      memory.after ??= await this.#beginning(group, limit);
      if (memory.after === undefined) continue;
      const instant = nextOf(group, memory, limit);
      if (instant === undefined || !ready(group, instant)) continue;
      if (first === undefined || instant < first.instant) first = { group, instant, memory };
    }
    return first;
  }

  #memoryOf(group: string): GroupMemory | undefined {
    const known = this.#memory?.get(group) ?? {
      instant: undefined,
      after: undefined,
      next: undefined,
      states: {},
      history: undefined,
      watch: new LabelWatch(),
    };
    this.#memory?.set(group, known);
    return this.#memory?.get(group);
  }

  /** A group that is no longer there and has alerts that are on. */
  #retired(): { group: RuleGroup; memory: GroupMemory } | undefined {
    for (const [name, memory] of this.#memory ?? []) {
      const isThere = this.#groups.some((group) => group.name === name);
      if (!isThere && Object.keys(memory.states).length > 0)
        return { group: retiredGroup(name, memory.states), memory };
    }
    return undefined;
  }

  /** Where a group that was never evaluated begins: at the first data, but not longer ago than the backfill. */
  async #beginning(group: RuleGroup, limit: Millis): Promise<Millis | undefined> {
    const first = await this.#ports.firstTime(group);
    return first === undefined ? undefined : Math.max(first, limit - this.#backfill);
  }

  async #evaluate(
    group: RuleGroup,
    instant: Millis,
    memory: GroupMemory,
    signal: AbortSignal,
  ): Promise<void> {
    const begun = this.#ports.clock.now();
    const window = { from: instant - group.window, to: instant };
    // Such a group is only evaluated when the labels up to its instant have been read.
    if (group.rules.some(needsLabels)) await this.#ports.errorStreams.advance(group, instant, signal);
    const judged = await this.#ports.judge(group, instant, memory, signal);
    const { states, transitions, active, history } = judged;
    await this.#ports.saveMetrics(judged.rows, judged.details ?? []);
    const { requests, suppressed } = await this.#ports.retrainsFor(instant, window, judged);
    const outcome: EvaluationOutcome = {
      states,
      transitions,
      retrains: requests,
      suppressed,
      ...(history !== undefined && { labels: { history, position: memory.watch.position ?? [] } }),
    };
    signal.throwIfAborted();
    await this.#ports.saveEvaluation({ ruleGroup: group.name, instant, outcome: JSON.stringify(outcome) });
    await this.#ports.project(outcome);
    memory.instant = instant;
    memory.after = instant;
    memory.states = states;
    memory.history = history;
    this.#ports.onEvaluated(group, instant, outcome, active, (this.#ports.clock.now() - begun) / 1000);
    signal.throwIfAborted();
    if (outcome.retrains.length > 0) await this.#ports.deliver();
  }
}

/** The next instant of a group, unless it is later than `limit`. */
function nextOf({ schedule }: RuleGroup, memory: GroupMemory, limit: Millis): Millis | undefined {
  const { after, next } = memory;
  if (after === undefined) return undefined;
  const known =
    next?.after === after && next.schedule === schedule
      ? next
      : { schedule, after, instant: nextInstant(schedule, after) };
  memory.next = known;
  return known.instant !== undefined && known.instant <= limit ? known.instant : undefined;
}
