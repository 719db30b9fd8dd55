import type { Millis } from '../base/clock.ts';
import type { FiringPolicy, Persistence } from './firing-policy.ts';

/**
 * What one window says about one alert: the condition held, did not hold, or could not be told; `gone` means that the
 * model, version or feature no longer exists, which counts as a window in which the condition did not hold.
 */
export type Observation = 'true' | 'false' | 'no_data' | 'gone';

/** The memory of one alert that is not inactive. Plain JSON, so that it survives a restart. */
export interface AlertState extends Memory {
  readonly phase: 'pending' | 'firing';
}

/** What is known of the windows that counted since the alert became what it is. */
interface Memory {
  /** As many as the rule looks at, oldest first: 1 where the condition held, 0 where it did not. */
  readonly recent: string;
  /** The instant of the first of the windows in a row, up to the newest, in which it held; not there when it did not. */
  readonly heldSince?: Millis;
  /** The same for windows in which it did not hold. */
  readonly cleanSince?: Millis;
}

/** The closed list of reasons for which an alert changes. */
type TransitionReason =
  /** The condition held, and once is enough to be pending (or, with `for: 1`, to fire). */
  | 'condition_met'
  /** The condition held in as many of the last windows as the rule asks for. */
  | 'k_of_n_reached'
  /** The condition held for as long as the rule asks for. */
  | 'held_long_enough'
  /** A firing alert saw as many clean windows, or clean windows for as long, as the rule asks for. */
  | 'clean'
  /** A pending alert's condition held in none of the last windows. */
  | 'gone_quiet'
  /** A window without data counted as if the condition held: `no_data: alert`. */
  | 'no_data_alerts'
  /** A window without data counted as clean: `no_data: ok`. */
  | 'no_data_is_ok'
  /** Labels that came late have changed what earlier windows say. */
  | 'late_labels'
  /** The model, version or feature of the alert no longer exists. */
  | 'subject_gone'
  /** The rule is no longer there, or has other labels now. */
  | 'rule_gone';

export interface Transition {
  readonly from: 'inactive' | 'pending' | 'firing';
  readonly to: 'inactive' | 'pending' | 'firing' | 'resolved';
  readonly reason: TransitionReason;
}

export interface Step {
  /** Undefined when the alert is inactive. */
  readonly state: AlertState | undefined;
  /** Undefined when the alert stays as it is. */
  readonly transition?: Transition;
}

/** What has just been seen, and when. */
interface Moment {
  readonly memory: Memory;
  readonly observation: Observation;
  readonly policy: FiringPolicy;
  readonly at: Millis;
}

interface Row extends Pick<Transition, 'from' | 'to'> {
  readonly given: (moment: Moment) => boolean;
  readonly because: (moment: Moment) => TransitionReason;
}

/** All ways in which an alert changes. The first row that fits is taken; where none does, it stays as it is. */
const TABLE: readonly Row[] = [
  { from: 'inactive', to: 'firing', given: hasHeld, because: whyFiring },
  { from: 'inactive', to: 'pending', given: holdsAtAll, because: whyPending },
  { from: 'pending', to: 'firing', given: hasHeld, because: whyFiring },
  { from: 'pending', to: 'inactive', given: holdsNoMore, because: whyInactive },
  { from: 'firing', to: 'resolved', given: isClear, because: whyResolved },
];

/**
 * Moves one alert on by one window. A window without data counts as the policy says; under `keep` it changes nothing at all.
 *
 * @param at the instant of the window: later than that of the one before.
 */
export function step(
  state: AlertState | undefined,
  observation: Observation,
  policy: FiringPolicy,
  at: Millis,
): Step {
  if (observation === 'no_data' && policy.noData === 'keep') return { state };
  const phase = state?.phase;
  const memory = remember(state, observation, policy, at);
  const moment = { memory, observation, policy, at };
  const row = TABLE.find(({ from, given }) => from === (phase ?? 'inactive') && given(moment));
  if (row === undefined) return { state: phase === undefined ? undefined : { phase, ...memory } };
  const { from, to } = row;
  const transition = { from, to, reason: row.because(moment) };
  if (to === 'pending') return { state: { phase: to, ...memory }, transition };
  // What came before it fired says nothing about when it is over.
  if (to === 'firing')
    return { state: { phase: to, ...memory, recent: memory.recent.slice(-1) }, transition };
  return { state: undefined, transition };
}

/** Whether a window counts as one in which the condition held. An inactive alert stays inactive in all others. */
export function countsAsHeld(observation: Observation, { noData }: FiringPolicy): boolean {
  return observation === 'true' || (observation === 'no_data' && noData === 'alert');
}

function remember(
  state: AlertState | undefined,
  observation: Observation,
  policy: FiringPolicy,
  at: Millis,
): Memory {
  const held = countsAsHeld(observation, policy);
  const windows = state?.phase === 'firing' ? policy.clear : policy.hold;
  const length = windows.kind === 'windows' ? windows.of : 1;
  const recent = `${state?.recent ?? ''}${held ? '1' : '0'}`.slice(-length);
  return held
    ? { recent, heldSince: state?.heldSince ?? at }
    : { recent, cleanSince: state?.cleanSince ?? at };
}

function hasHeld({ memory, policy, at }: Moment): boolean {
  return isReached(policy.hold, memory.recent, '1', memory.heldSince, at);
}

function holdsAtAll({ memory, policy }: Moment): boolean {
  return policy.hold.kind === 'windows' ? memory.recent.includes('1') : memory.heldSince !== undefined;
}

function holdsNoMore(moment: Moment): boolean {
  return !holdsAtAll(moment);
}

function isClear({ memory, policy, at }: Moment): boolean {
  const { recent, cleanSince } = memory;
  if (cleanSince === undefined || at - cleanSince < policy.keepFiring) return false;
  return isReached(policy.clear, recent, '0', cleanSince, at);
}

function isReached(
  persistence: Persistence,
  recent: string,
  bit: '0' | '1',
  since: Millis | undefined,
  at: Millis,
): boolean {
  if (persistence.kind === 'duration') return since !== undefined && at - since >= persistence.length;
  return recent.split(bit).length - 1 >= persistence.needed;
}

function whyPending({ observation }: Moment): TransitionReason {
  return observation === 'no_data' ? 'no_data_alerts' : 'condition_met';
}

function whyFiring({ observation, policy: { hold } }: Moment): TransitionReason {
  if (observation === 'no_data') return 'no_data_alerts';
  if (hold.kind === 'duration') return hold.length === 0 ? 'condition_met' : 'held_long_enough';
  return hold.needed === 1 ? 'condition_met' : 'k_of_n_reached';
}

function whyInactive({ observation }: Moment): TransitionReason {
  return whyOver(observation, 'gone_quiet');
}

function whyResolved({ observation }: Moment): TransitionReason {
  return whyOver(observation, 'clean');
}

function whyOver(observation: Observation, usual: TransitionReason): TransitionReason {
  if (observation === 'no_data') return 'no_data_is_ok';
  return observation === 'gone' ? 'subject_gone' : usual;
}
