import type { FiringPolicy } from './firing-policy.ts';

/**
 * What one window says about one alert: the condition held, did not hold, or could not be told; `gone` means that the
 * model, version or feature no longer exists, which counts as a window in which the condition did not hold.
 */
export type Observation = 'true' | 'false' | 'no_data' | 'gone';

/** The memory of one alert that is not inactive. Plain JSON, so that it survives a restart. */
export interface AlertState {
  readonly phase: 'pending' | 'firing';
  /** The last windows that counted, oldest first: 1 where the condition held, 0 where it did not. */
  readonly recent: string;
  /** Clean windows in a row up to now. */
  readonly clean: number;
}

/** The closed list of reasons for which an alert changes. */
type TransitionReason =
  /** The condition held, and once is enough to be pending (or, with `for: 1`, to fire). */
  | 'condition_met'
  /** The condition held in as many of the last windows as the rule asks for. */
  | 'k_of_n_reached'
  /** A firing alert saw as many clean windows in a row as the rule asks for. */
  | 'clean'
  /** A pending alert's condition held in none of the last windows. */
  | 'gone_quiet'
  /** A window without data counted as if the condition held: `no_data: alert`. */
  | 'no_data_alerts'
  /** A window without data counted as clean: `no_data: ok`. */
  | 'no_data_is_ok'
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

/**
 * Moves one alert on by one window.
 *
 * inactive -> pending: the condition held in at least one of the last N windows.
 * inactive, pending -> firing: it held in at least K of them.
 * pending -> inactive: it held in none of them.
 * firing -> resolved (which is inactive): C windows in a row in which it did not hold.
 *
 * A window without data counts as the policy says; under `keep` it changes nothing at all.
 */
export function step(state: AlertState | undefined, observation: Observation, policy: FiringPolicy): Step {
  if (observation === 'no_data' && policy.noData === 'keep') return { state };
  const held = observation === 'true' || (observation === 'no_data' && policy.noData === 'alert');
  const recent = `${state?.recent ?? ''}${held ? '1' : '0'}`.slice(-policy.of);
  const clean = held ? 0 : (state?.clean ?? 0) + 1;
  return state?.phase === 'firing'
    ? stepFiring({ phase: 'firing', recent, clean }, observation, policy)
    : stepWaiting(state === undefined ? 'inactive' : 'pending', recent, clean, observation, policy);
}

function stepFiring(next: AlertState, observation: Observation, policy: FiringPolicy): Step {
  if (next.clean < policy.clear) return { state: next };
  return {
    state: undefined,
    transition: { from: 'firing', to: 'resolved', reason: endReason(observation, 'clean') },
  };
}

function stepWaiting(
  from: 'inactive' | 'pending',
  recent: string,
  clean: number,
  observation: Observation,
  policy: FiringPolicy,
): Step {
  const held = recent.replaceAll('0', '').length;
  const reached = policy.needed === 1 ? 'condition_met' : 'k_of_n_reached';
  if (held >= policy.needed) {
    const reason = startReason(observation, reached);
    return { state: { phase: 'firing', recent, clean }, transition: { from, to: 'firing', reason } };
  }
  if (held > 0) {
    const state = { phase: 'pending', recent, clean } as const;
    if (from === 'pending') return { state };
    return { state, transition: { from, to: 'pending', reason: startReason(observation, 'condition_met') } };
  }
  if (from === 'inactive') return { state: undefined };
  return {
    state: undefined,
    transition: { from, to: 'inactive', reason: endReason(observation, 'gone_quiet') },
  };
}

function startReason(observation: Observation, usual: TransitionReason): TransitionReason {
  return observation === 'no_data' ? 'no_data_alerts' : usual;
}

function endReason(observation: Observation, usual: TransitionReason): TransitionReason {
  if (observation === 'no_data') return 'no_data_is_ok';
  return observation === 'gone' ? 'subject_gone' : usual;
}
