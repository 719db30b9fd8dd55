import type { Millis } from '../base/clock.ts';

/**
 * The closed list of what a request for a new model goes through, each at most once, in the order in which it gets ahead.
 *
 * - `suggested`: somebody has to approve it.
 * - `requested`: it waits to be sent to its target.
 * - `undelivered`: the target did not take it; `driftd notify retry` sends it again.
 * - `sent`: the target took it.
 * - `accepted`, `running`: the target says so.
 * - `timed_out`: the target said nothing for too long, so that others may be asked for. It may still say how it ended.
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
  timed_out: ['failed', 'succeeded'],
  cancelled: [],
  failed: [],
  succeeded: ['compared'],
  compared: [],
};

/** While a request is in one of these, there is no other for its model. */
const BUSY: ReadonlySet<RetrainState> = new Set(['requested', 'sent', 'accepted', 'running']);

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
  const ranks = steps.map(({ state }) => RETRAIN_STATES.indexOf(state));
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
 * Since when a request keeps others of its model from being made, or undefined when it does not. In event time, as the
 * instants at which requests are decided; for one that somebody approved, since then.
 */
export function busySince(at: Millis, steps: readonly RetrainStep[]): Millis | undefined {
  if (!BUSY.has(stateAfter(steps))) return undefined;
  const approved = steps.some(({ state }) => state === 'suggested');
  const requested = steps.find(({ state }) => state === 'requested');
  return approved && requested !== undefined ? Math.max(at, requested.at) : at;
}
