import type { Millis } from '../base/clock.ts';

/**
 * The closed list of what a request for a new model goes through, each at most once, in the order in which it gets ahead.
 *
 * - `suggested`: somebody has to approve it.
 * - `requested`: it waits to be sent to its target.
 * - `undelivered`: the target did not take it; `driftd notify retry` sends it again.
 * - `sent`: the target took it.
 * - `accepted`, `running`: the target says so.
 * - `timed_out`: the target said nothing for too long, so that others may be asked for. It may still be heard of.
 * - `cancelled`: somebody called it off.
 * - `failed`, `succeeded`: the target says so.
 * - `compared`: the new version has had traffic, and was compared with the one before.
 */
export const RETRAIN_STATES = [
  'suggested',
  'requested',
  'undelivered',
  'sent',
  'accepted',
  'running',
  'timed_out',
  'cancelled',
  'failed',
  'succeeded',
  'compared',
] as const;

export type RetrainState = (typeof RETRAIN_STATES)[number];

/** A request on its way from a target's yes to its end. */
const AT_WORK: readonly RetrainState[] = ['running', 'timed_out', 'cancelled', 'failed', 'succeeded'];

/** A target may tell more than we know: it has the request before its answer is recorded. */
const MAY_FOLLOW: Readonly<Record<RetrainState, readonly RetrainState[]>> = {
  suggested: ['requested', 'cancelled'],
  requested: ['undelivered', 'sent', 'accepted', ...AT_WORK],
  undelivered: ['sent', 'accepted', 'running', 'cancelled', 'failed', 'succeeded'],
  sent: ['accepted', ...AT_WORK],
  accepted: AT_WORK,
  running: AT_WORK.filter((state) => state !== 'running'),
  timed_out: ['accepted', 'running', 'failed', 'succeeded'],
  cancelled: [],
  failed: [],
  succeeded: ['compared'],
  compared: [],
};

/** While a request is in one of these, and was heard of, there is no other for its model. */
const AT_TARGET: ReadonlySet<RetrainState> = new Set(['sent', 'accepted', 'running']);

/** What ends a request; of two that were written at once, the earlier one holds. */
const ENDS: ReadonlySet<RetrainState> = new Set(['cancelled', 'failed', 'succeeded']);

/** One state that a request came into. */
export interface RetrainStep {
  readonly state: RetrainState;
  readonly at: Millis;
  /** Why; empty when nothing is to be said. */
  readonly reason: string;
}

/** Where a request stands after all that is known of it, in whatever order it was written. */
export function stateAfter(steps: readonly RetrainStep[]): RetrainState {
  const end = steps
    .filter(({ state }) => ENDS.has(state))
    .reduce<RetrainStep | undefined>(
      (first, step) => (first && first.at <= step.at ? first : step),
      undefined,
    );
  if (end !== undefined) {
    const compared = end.state === 'succeeded' && steps.some(({ state }) => state === 'compared');
    return compared ? 'compared' : end.state;
  }
  const timedOut = steps.find(({ state }) => state === 'timed_out');
  // What was heard of again has not timed out; and what was said before stands again as far as it came.
  const isHeard = steps.some(({ state, at }) => timedOut && AT_TARGET.has(state) && at > timedOut.at);
  const known = isHeard ? steps.filter((step) => step !== timedOut) : steps;
  const ranks = known.map(({ state }) => RETRAIN_STATES.indexOf(state));
  return RETRAIN_STATES[Math.max(0, ...ranks)] as RetrainState;
}

export function mayFollow(now: RetrainState, next: RetrainState): boolean {
  return MAY_FOLLOW[now].includes(next);
}

/** False once nothing will happen to it any more. */
export function isOpen(state: RetrainState): boolean {
  return MAY_FOLLOW[state].length > 0;
}

/**
 * Until when a request keeps others of its model from being made, or undefined when it does not. What waits to be sent ends
 * in the outbox; what was sent has `timeout` from when it was heard of last.
 */
export function busyUntil(at: Millis, steps: readonly RetrainStep[], timeout: Millis): Millis | undefined {
  // Requests of older versions have no steps; they were sent and nothing more was known of them.
  const state = steps.length === 0 ? 'sent' : stateAfter(steps);
  if (state === 'requested') return Number.POSITIVE_INFINITY;
  return AT_TARGET.has(state)
    ? steps.reduce((last, step) => Math.max(last, step.at), at) + timeout
    : undefined;
}

/** Whether one state is earlier on the way than another. */
export function precedes(state: RetrainState, other: RetrainState): boolean {
  return RETRAIN_STATES.indexOf(state) < RETRAIN_STATES.indexOf(other);
}
